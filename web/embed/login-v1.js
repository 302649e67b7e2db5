/* docs/protocol/login-button.md */
const KEY = 'stoa-login';
const WAIT_MS = 8000;
const CLOSE_MS = 1500;
const TEXTS = {
  en: 'Continue with %|Sign in with %|Sign up with %',
  de: 'Weiter mit %|Mit % anmelden|Mit % registrieren',
  fr: 'Continuer avec %|Se connecter avec %|S’inscrire avec %',
  es: 'Continuar con %|Iniciar sesión con %|Registrarse con %',
  pt: 'Continuar com %|Entrar com %|Cadastrar-se com %',
  it: 'Continua con %|Accedi con %|Registrati con %',
  pl: 'Kontynuuj przez %|Zaloguj się przez %|Zarejestruj się przez %',
  tr: '% ile devam et|% ile oturum aç|% ile kaydol',
  ru: 'Продолжить через %|Войти через %|Зарегистрироваться через %',
  uk: 'Продовжити через %|Увійти через %|Зареєструватися через %',
  zh: '使用 % 继续|使用 % 登录|使用 % 注册',
  ja: '% で続行|% でログイン|% で登録',
  ar: 'المتابعة باستخدام %|تسجيل الدخول باستخدام %|إنشاء حساب باستخدام %',
  he: 'המשך באמצעות %|כניסה באמצעות %|הרשמה באמצעות %',
};
const CHOICES = {
  text: ['continue_with', 'sign_in', 'sign_up'],
  theme: ['auto', 'light', 'dark', 'neutral', 'outline'],
  shape: ['rect', 'pill', 'square', 'circle'],
  size: ['large', 'medium'],
  logo: ['start', 'center'],
  type: ['standard', 'icon'],
  mode: ['redirect', 'popup'],
};
const STYLE = `
:host{display:inline-block;max-inline-size:100%}
:host([hidden]){display:none}
a{box-sizing:border-box;display:flex;align-items:center;justify-content:center;gap:10px;margin:8px;min-block-size:44px;padding:4px 16px;
border:1px solid var(--e);border-radius:8px;background:var(--g);color:var(--i);font:500 max(1rem,14px)/1.25 system-ui,sans-serif;text-decoration:none;
--g:light-dark(#fff,#17191c);--i:light-dark(#1b1d20,#f2f4f6);--e:light-dark(#6b7178,#9aa0a6)}
.light{--g:#fff;--i:#1b1d20;--e:#6b7178}
.dark{--g:#17191c;--i:#f2f4f6;--e:#9aa0a6}
.neutral{--g:#eef1f4;--i:#1b1d20;--e:#6b7178}
.outline{--g:transparent;--e:currentColor;color:inherit}
.pill,.circle{border-radius:99px}
.square{border-radius:0}
.medium{min-block-size:40px}
.start span{flex:1;text-align:center}
.icon{inline-size:44px;padding:0}
.icon.medium{inline-size:40px}
.icon span{display:none}
svg,::slotted([slot=logo]){flex:none;inline-size:20px;block-size:20px}
a:hover{text-decoration:underline}
a:focus-visible{outline:2px solid #fff;box-shadow:0 0 0 4px #1a3fc4}
[aria-disabled]{cursor:progress}`;
const MARK = 'M6 9.5 16 5l10 4.5V12H6zM8 13.5h3v9H8zm6.5 0h3v9h-3zm6.5 0h3v9h-3zM6 24h20v3H6z';

function addressOf(text, own) {
  const url = text && URL.canParse(text, document.baseURI) && new URL(text, document.baseURI);
  return url && /^https?:$/.test(url.protocol) && (!own || url.origin === location.origin) ? url.href : null;
}

/* Sites may demand trusted types. */
function make(name, space, attributes = {}, ...children) {
  const made = document.createElementNS(`http://www.w3.org/${space}`, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

class StoaLoginButton extends HTMLElement {
  static observedAttributes = ['href', 'name', 'locale', 'width', ...Object.keys(CHOICES)];
  #link; #label; #channel; #timer;
  #rest = () => this.#wait(false);

  connectedCallback() {
    if (!this.#link) this.#build();
    window.addEventListener('pageshow', this.#rest);
    window.addEventListener('focus', this.#rest);
    this.#show();
  }

  disconnectedCallback() {
    window.removeEventListener('pageshow', this.#rest);
    window.removeEventListener('focus', this.#rest);
    clearTimeout(this.#timer);
    this.#channel?.close();
  }

  attributeChangedCallback() {
    if (this.#link) this.#show();
  }

  #is(name) {
    const given = this.getAttribute(name);
    return CHOICES[name].includes(given) ? given : CHOICES[name][0];
  }

  #build() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    const mark = make('svg', '2000/svg', { viewBox: '4 4 24 24', fill: 'currentColor', 'aria-hidden': 'true' }, make('path', '2000/svg', { d: MARK }));
    this.#label = make('span', '1999/xhtml');
    this.#link = make('a', '1999/xhtml', { target: '_top' }, make('slot', '1999/xhtml', { name: 'logo' }, mark), this.#label);
    this.#link.addEventListener('click', (event) => this.#click(event));
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    root.append(this.#link);
  }

  #language() {
    const wanted = [this.getAttribute('locale'), this.closest('[lang]')?.lang, ...navigator.languages];
    return wanted.map((tag) => tag?.toLowerCase().split('-')[0]).find((tag) => Object.hasOwn(TEXTS, tag)) ?? 'en';
  }

  #show(more) {
    const inner = this.querySelector('a:not([slot])');
    const href = addressOf(this.getAttribute('href') ?? inner?.getAttribute('href'));
    const width = Number(this.getAttribute('width'));
    const standard = this.#is('type') === 'standard';
    if (href) this.#link.href = href;
    else this.#link.removeAttribute('href');
    this.#link.className = ['theme', 'shape', 'size', 'logo', 'type'].map((name) => this.#is(name)).join(' ');
    this.#link.style.inlineSize = standard && width ? `${Math.min(Math.max(width, 200), 400)}px` : '';
    this.#say(inner?.textContent.trim() ?? '', more);
  }

  #say(plain, more = '') {
    const name = this.getAttribute('name');
    const language = name ? this.#language() : '';
    const parts = name ? TEXTS[language].split('|')[CHOICES.text.indexOf(this.#is('text'))].split('%') : [plain];
    if (name) parts.splice(1, 0, make('bdi', '1999/xhtml', {}, name));
    this.#label.replaceChildren(...parts, more);
    this.#link.lang = language;
    this.#link.dir = name ? (/ar|he/.test(language) ? 'rtl' : 'ltr') : 'auto';
    if (this.#is('type') === 'icon') this.#link.ariaLabel = this.#label.textContent;
    else this.#link.removeAttribute('aria-label');
  }

  #wait(yes) {
    clearTimeout(this.#timer);
    this.#link.ariaDisabled = yes ? 'true' : null;
    this.#show(yes ? '…' : '');
    if (yes) this.#timer = setTimeout(this.#rest, WAIT_MS);
  }

  #click(event) {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !this.#link.href) return;
    const waits = this.#link.ariaDisabled === 'true';
    if (waits || this.#asked() || (this.#is('mode') === 'popup' && this.#popup())) event.preventDefault();
    if (!waits) this.#wait(true);
  }

  /* Where the browser shows nobody, the link is the way. */
  #asked() {
    const url = window.IdentityCredential && addressOf(this.getAttribute('fedcm'), true);
    if (url) import('./login-fedcm-v1.js').then(({ ask }) => ask(url)).then((href) => this.#end(addressOf(href, true) ?? location.href), () => location.assign(this.#link.href));
    return url;
  }

  #end(href) {
    if (this.dispatchEvent(new CustomEvent('login', { bubbles: true, cancelable: true, detail: { href } }))) location.assign(href);
  }

  /* The new window starts with a copy of our session storage. */
  #popup() {
    const ticket = crypto.getRandomValues(new Uint32Array(4)).join('-');
    try {
      sessionStorage.setItem(KEY, ticket);
      const opened = window.open(this.#link.href, '_blank', 'popup,width=480,height=640');
      sessionStorage.removeItem(KEY);
      if (opened) this.#listen(ticket);
      return Boolean(opened);
    } catch {
      return false;
    }
  }

  #listen(ticket) {
    this.#channel?.close();
    this.#channel = new BroadcastChannel(KEY);
    this.#channel.onmessage = ({ data }) => {
      const href = data?.ticket === ticket && data.type === 'end' && addressOf(data.href, true);
      if (!href) return;
      this.#channel.postMessage({ ticket, type: 'heard' });
      this.#channel.onmessage = null;
      this.#end(href);
    };
  }
}

class StoaLoginEnd extends HTMLElement {
  connectedCallback() {
    const href = addressOf(this.querySelector('a')?.getAttribute('href'), true);
    if (!href) return;
    const ticket = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    if (!ticket) return location.replace(href);
    const channel = new BroadcastChannel(KEY);
    channel.onmessage = ({ data }) => data?.ticket === ticket && data.type === 'heard' && window.close();
    channel.postMessage({ ticket, type: 'end', href });
    setTimeout(() => location.replace(href), CLOSE_MS);
  }
}

if (!customElements.get('stoa-login-button')) {
  customElements.define('stoa-login-button', StoaLoginButton);
  customElements.define('stoa-login-end', StoaLoginEnd);
}
