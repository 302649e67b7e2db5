/* Whether two samples could come from one distribution: the U test of Mann and Whitney, which asks nothing of its shape. */

/* P(|Z| > z) of the standard normal distribution: erfc by the series of erf, of which all terms are positive. */
function twoSided(z) {
  if (z > 8) return 0;
  let term = z, sum = z;
  for (let n = 3; term > sum * 1e-17; n += 2) sum += term *= (z * z) / n;
  return Math.max(0, 1 - Math.sqrt(2 / Math.PI) * Math.exp(-(z * z) / 2) * sum);
}

/* Equal values share the middle of their ranks; each such group narrows the distribution of U. */
function ranked(a, b) {
  const all = [...a.map((value) => ({ value, own: true })), ...b.map((value) => ({ value, own: false }))].sort((x, y) => x.value - y.value);
  let rankSum = 0, ties = 0;
  for (let from = 0, to; from < all.length; from = to) {
    for (to = from; to < all.length && all[to].value === all[from].value; to += 1);
    rankSum += all.slice(from, to).filter(({ own }) => own).length * ((from + 1 + to) / 2);
    ties += (to - from) ** 3 - (to - from);
  }
  return { rankSum, ties };
}

/* { u, p }: u counts the pairs in which a is the greater, halves for equal ones; p by the normal approximation, on both sides, with correction for continuity. */
export function mannWhitney(a, b) {
  const n = a.length + b.length;
  const { rankSum, ties } = ranked(a, b);
  const u = rankSum - (a.length * (a.length + 1)) / 2;
  const variance = ((a.length * b.length) / 12) * (n + 1 - ties / (n * (n - 1)));
  const distance = Math.max(0, Math.abs(u - (a.length * b.length) / 2) - 0.5);
  return { u, p: variance > 0 ? twoSided(distance / Math.sqrt(variance)) : 1 };
}
