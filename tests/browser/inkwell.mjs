/* What the people of Inkwell do on its pages, in each test that walks them. */

/* By Inkwell's own accounts. */
export async function logIn(page, site, { email, password }) {
  await page.goto(`${site}/login`);
  await page.fill('#email', email);
  await page.fill('#password', password);
  await page.click('main button');
  await page.waitForURL((url) => !url.pathname.startsWith('/login'));
}

/* The card page is the acquirer's: the fields are found by their autofill names, as a browser would. */
export async function typeCard(scope, number) {
  await scope.locator('[autocomplete="cc-number"]').fill(number);
  await scope.locator('[autocomplete="cc-exp"]').fill('12 / 34');
  await scope.locator('[autocomplete="cc-csc"]').fill('123');
}
