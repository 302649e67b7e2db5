/*
 * <script type="module" src="https://pay.example.com/js/v1.js"></script>
 * <stoa-checkout session="cs_..." locale="de"><a href="...">Pay</a></stoa-checkout>
 * Events complete, cancel, error are for the eye: deliver when the webhook comes.
 */
const HOME = new URL(import.meta.url).origin;

class StoaCheckout extends HTMLElement {
  #frame; #timer; #said = (event) => this.#hear(event);
  #room = new ResizeObserver(() => this.#grow(this.#frame.clientWidth < 420 ? 900 : 720));

  connectedCallback() {
    if (this.#frame) return;
    const url = this.#address();
    if (!url) return this.#fail('invalid_session');
    const frame = this.#frame = document.createElement('iframe');
    frame.title = this.getAttribute('label') || 'Checkout';
    frame.setAttribute('sandbox', 'allow-scripts allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox');
    frame.setAttribute('allow', 'payment');
    frame.style.cssText = 'display:block;inline-size:calc(100% - 2px);block-size:420px;border:1px solid #8886;border-radius:12px;box-sizing:content-box';
    frame.src = url;
    window.addEventListener('message', this.#said);
    let steps = 20; /* whoever slept has waited one */
    this.#timer = setInterval(() => --steps || this.#fail('load_timeout'), 500);
    this.append(frame);
  }

  disconnectedCallback() {
    this.#stop();
  }

  #address() {
    const session = this.getAttribute('session') || '';
    if (!/^cs_[A-Za-z0-9_-]+$/.test(session)) return null;
    const url = new URL(this.getAttribute('embed-url') || `/embed/checkout?s=${session}`, HOME);
    const locale = this.getAttribute('locale');
    if (locale) url.searchParams.set('locale', locale);
    return url.origin === HOME ? url.href : null;
  }

  /* Only our own frame about its own session. */
  #hear({ origin, source, data }) {
    if (origin !== HOME || source !== this.#frame?.contentWindow || data?.stoa !== 1 || data.session !== this.getAttribute('session')) return;
    const height = Number(data.height);
    if (data.type === 'ready') this.#ready();
    else if (data.type === 'resize' && height > 0) this.#room.disconnect(), this.#grow(Math.min(height, 4000));
    else if (data.type === 'leave') this.#room.observe(this.#frame);
    else if (data.type === 'complete' || data.type === 'cancel') this.#tell(data.type);
    else if (data.type === 'error') this.#fail(String(data.code));
  }

  #ready() {
    clearInterval(this.#timer);
    this.#fallback(true);
  }

  #grow(px) {
    this.#frame.style.blockSize = `${px}px`;
  }

  #fallback(hidden) {
    for (const child of this.children) if (child !== this.#frame) child.hidden = hidden;
  }

  #tell(type, more) {
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, detail: { session: this.getAttribute('session'), ...more } }));
  }

  #fail(code) {
    this.#stop();
    this.#fallback(false);
    this.#tell('error', { code });
  }

  #stop() {
    clearInterval(this.#timer);
    this.#room.disconnect();
    window.removeEventListener('message', this.#said);
    this.#frame?.remove();
    this.#frame = undefined;
  }
}

if (!customElements.get('stoa-checkout')) customElements.define('stoa-checkout', StoaCheckout);
