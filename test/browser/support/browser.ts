import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

/** No sandbox, since the tests may be root; the pages are ours and load nothing. And nothing of Chromium's own goes to the network. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND',
];

/** A page that was opened, and what it did that nobody should see. */
export interface Opened {
  readonly page: Page;
  /** Errors and warnings of the console, and errors that nobody caught. */
  readonly complaints: readonly string[];
  /** What was asked for besides the page itself. */
  readonly requests: readonly string[];
}

/** One browser for the tests of a `describe`; each page has a profile of its own. */
export class TestBrowser {
  private browser?: Browser;

  async start(): Promise<void> {
    this.browser = await chromium.launch({ executablePath: process.env.CHROMIUM_BIN ?? '', args: FLAGS });
  }

  /** Opens a file, and waits for the page to be there. */
  async open(file: string, options: BrowserContextOptions = {}): Promise<Opened> {
    if (!this.browser) throw new Error('the browser is not started');
    const context = await this.browser.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    const address = pathToFileURL(file).href;
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => request.url() !== address && requests.push(request.url()));
    await page.goto(address);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return { page, complaints, requests };
  }

  async stop(): Promise<void> {
    await this.browser?.close();
  }
}
