import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { Folder } from '../lib/cli/support/cli';
import { openByRoute } from '../proof/support/sealed';
import { TestBrowser } from './support/browser';
import { describeBrowser } from './support/describe-browser';
import { largeLog, largePolicy, leakingStack, LOG, OLD_POLICY, PAYLOADS, POLICY } from './support/inputs';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const DESKTOP = { viewport: { width: 1240, height: 900 } };
const NARROW = { viewport: { width: 390, height: 800 } };

// A browser starts, and other processes have the machine as well.
jest.setTimeout(120_000);

describeBrowser('the page of the report', () => {
  const browser = new TestBrowser();
  const folder = new Folder();
  const file = (name: string): string => join(folder.path, name);
  const report = async (name: string, ...args: string[]): Promise<void> => {
    const { code, stderr } = await folder.cli(['report', ...args, '--out', name]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^[a-z]+\.html: \d+ kB\n$/) });
  };

  beforeAll(async () => {
    folder.write('egress.yaml', POLICY);
    folder.write('old.yaml', OLD_POLICY);
    folder.write('main.tf.json', JSON.stringify(leakingStack()));
    folder.write('accepted.tf.json', JSON.stringify(openByRoute()));
    folder.write('egress.log', LOG);
    folder.write('large.yaml', largePolicy());
    folder.write('large.log', largeLog());
    await report('all.html', '--against', 'old.yaml', '--plan', 'main.tf.json', '--logs', 'egress.log');
    await report('policy.html');
    await report('accepted.html', '--plan', 'accepted.tf.json', '--accept', 'C1', '--reason', 'until June');
    await folder.cli(['report', '--logs', 'old.yaml', '--out', 'empty.html']);
    await report('large.html', '--policy', 'large.yaml', '--logs', 'large.log');
    await browser.start();
  });
  afterAll(async () => {
    await browser.stop();
    folder.remove();
  });

  it('shows all of it, and asks for nothing', async () => {
    const { page, complaints, requests } = await browser.open(file('all.html'), DESKTOP);
    await expect(headings(page)).resolves.toEqual(['Network', 'Proof', 'Who may reach what', 'Changes', 'Refusals']);
    await expect(page.locator('.summary .verdict').innerText()).resolves.toMatch(/^Leak: C1 broken/);
    await expect(page.locator('.path.complete .hop').count()).resolves.toBeGreaterThan(3);
    await expect(page.locator('.path.unproven').count()).resolves.toBe(PAYLOADS.length);
    await expect(page.locator('.claim').count()).resolves.toBe(8);
    await expect(page.locator('.times .bar.denied').count()).resolves.toBeGreaterThan(1);
    await expect(page.locator('#changes').innerText()).resolves.toContain('gone.example.org:443');
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
  });

  it('shows what is given, and says what is not', async () => {
    const { page, complaints } = await browser.open(file('policy.html'));
    await expect(headings(page)).resolves.toEqual(['Network', 'Who may reach what']);
    await expect(page.locator('.summary').innerText()).resolves.toContain('Not proven');
    expect(complaints).toEqual([]);
  });

  it('does not call the gateway the only way out where somebody accepted another', async () => {
    const { page } = await browser.open(file('accepted.html'));
    const verdict = page.locator('.summary .verdict');
    await expect(verdict.getAttribute('class')).resolves.toBe('verdict accepted');
    await expect(verdict.innerText()).resolves.toMatch(/^Sealed, 1 accepted\n/);
    await expect(verdict.innerText()).resolves.not.toContain('only way out');
    await expect(page.locator('.claim.accepted').innerText()).resolves.toContain('until June');
  });

  it('says that a log without decisions says nothing', async () => {
    const { page } = await browser.open(file('empty.html'));
    await expect(page.locator('#refusals .verdict').innerText()).resolves.toContain(
      'No decision of a gateway is shown',
    );
  });

  it('takes no text for HTML', async () => {
    const { page, complaints, requests } = await browser.open(file('all.html'));
    for (const part of ['#access', '#refusals', '#claims']) {
      const text = (await page.locator(part).textContent()) ?? '';
      expect(PAYLOADS.filter((payload) => !text.includes(payload))).toEqual([]);
    }
    const made = await page.evaluate(() => ({
      ran: 'ran' in window,
      elements: document.querySelectorAll('main :is(script, style, iframe, img, object, embed), [onerror], [onload]')
        .length,
      scripts: document.scripts.length,
    }));
    expect(made).toEqual({ ran: false, elements: 0, scripts: 2 });
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
  });

  it('runs and loads nothing even where a text were HTML after all', async () => {
    const page = readFileSync(file('all.html'), 'utf8');
    const raw = [...PAYLOADS, '<img src="https://evil.test/x.png">', '<iframe src="https://evil.test/"></iframe>'];
    const broken = page.replace('<body>', () => `<body>${raw.filter((text) => !text.startsWith('<!--')).join('\n')}`);
    folder.write('broken.html', broken);
    const opened = await browser.open(file('broken.html'));
    const state = await opened.page.evaluate(() => ({
      ran: 'ran' in window,
      shown: getComputedStyle(document.body).display,
    }));
    expect(state).toEqual({ ran: false, shown: 'block' });
    const refused = [
      'Executing inline script',
      'Executing inline event handler',
      'Applying inline style',
      "Loading the image 'https://evil.test/x.png'",
      "Framing 'https://evil.test/'",
    ].map((what): unknown => expect.stringContaining(`${what} violates the following Content Security Policy`));
    expect(opened.complaints).toEqual(expect.arrayContaining(refused));
  });

  it('cannot be told to make HTML of a text by its own script', async () => {
    const { page } = await browser.open(file('all.html'));
    const errors = await page.evaluate(() => {
      const text = '<img src=x onerror="window.ran=1">';
      const attempts = [
        () => (document.body.innerHTML = text),
        () => (document.body.outerHTML = text),
        () => document.body.insertAdjacentHTML('beforeend', text),
        () => document.write(text),
        () => document.createElement('button').setAttribute('onclick', 'window.ran=1'),
        () => document.createElement('iframe').setAttribute('srcdoc', text),
      ];
      return attempts.map((attempt) => {
        try {
          attempt();
          return 'taken';
        } catch (error) {
          return (error as Error).name;
        }
      });
    });
    expect(errors).toEqual(Array.from({ length: 6 }, () => 'TypeError'));
  });

  it.each([
    ['light', { ...DESKTOP, colorScheme: 'light' as const }],
    ['dark', { ...DESKTOP, colorScheme: 'dark' as const }],
    ['narrow', NARROW],
  ])('has nothing that axe takes for serious: %s', async (_, options) => {
    const { page } = await browser.open(file('all.html'), options);
    for (const details of await page.locator('summary').all()) await details.click();
    const { violations, passes } = await page.evaluate<AxeResults>(`${AXE}; axe.run(document)`);
    expect(passes.length).toBeGreaterThan(20);
    expect(violations.map(({ impact, id, nodes }) => [impact, id, nodes[0]?.html])).toEqual([]);
  });

  it('does not scroll sideways where it is narrow', async () => {
    const { page } = await browser.open(file('all.html'), NARROW);
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    expect(widths[0]).toBeLessThanOrEqual(widths[1] ?? 0);
  });

  it('can be used by the keyboard alone', async () => {
    const { page } = await browser.open(file('large.html'), DESKTOP);
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '');
    await page.keyboard.press('Tab');
    await expect(focused()).resolves.toBe('To the content');
    await page.keyboard.press('Enter');
    await expect(page.evaluate(() => document.activeElement?.id)).resolves.toBe('content');
    await page.locator('#access input').focus();
    await page.keyboard.type('team-7.');
    await expect(page.locator('#access-status').innerText()).resolves.toBe('1 to 50 of 100 rules');
    await page.keyboard.press('Tab');
    await expect(focused()).resolves.toBe('Next');
    await page.keyboard.press('Enter');
    await expect(page.locator('#access-status').innerText()).resolves.toBe('51 to 100 of 100 rules');
    await page.locator('header select').selectOption('server-8');
    await expect(page.locator('#access-status').innerText()).resolves.toBe('0 rules');
  });

  it('finds the rules that let a host pass, by a wildcard as well, and of one workload alone', async () => {
    const { page } = await browser.open(file('all.html'), DESKTOP);
    const rows = page.locator('#access tbody tr');
    await page.locator('#access input').fill('https://de.wikipedia.org/wiki');
    await expect(rows.allInnerTexts()).resolves.toEqual([expect.stringContaining('*.wikipedia.org')]);
    await page.locator('#access input').fill('');
    await page.locator('header select').selectOption('notes');
    await expect(rows.allInnerTexts()).resolves.toEqual([expect.stringContaining('plain.example.org')]);
    await expect(page.locator('.workload').count()).resolves.toBe(2);
    await expect(page.locator('g.dim > .workload').count()).resolves.toBe(1);
  });

  it('follows the system in light and dark, and a button', async () => {
    const { page } = await browser.open(file('policy.html'), { colorScheme: 'dark' });
    const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await background();
    await page.getByRole('button', { name: 'Theme: auto' }).click();
    const light = await background();
    expect(light).toBe('rgb(255, 255, 255)');
    expect(dark).not.toBe(light);
    await page.getByRole('button', { name: 'Theme: light' }).click();
    await expect(background()).resolves.toBe(dark);
  });

  it('prints long lists, in light colours and without what is for the screen', async () => {
    const { page } = await browser.open(file('large.html'), { colorScheme: 'dark' });
    const rows = page.locator('#access tbody tr');
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await expect(rows.count()).resolves.toBe(1000);
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await expect(page.locator('#access tbody tr:nth-child(51)').count()).resolves.toBe(0);
    await page.emulateMedia({ media: 'print' });
    const looks = await page.evaluate(() => [
      getComputedStyle(document.body).backgroundColor,
      getComputedStyle(document.querySelector('.top') ?? document.body).display,
    ]);
    expect(looks).toEqual(['rgb(255, 255, 255)', 'none']);
  });

  it('prints what is folded on the screen', async () => {
    const { page } = await browser.open(file('all.html'), DESKTOP);
    const folded = page.locator('#claims details:not([open])');
    const before = await folded.count();
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await expect(folded.count()).resolves.toBe(0);
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await expect(page.locator('#claims .claim details[open]').count()).resolves.toBe(0);
    expect(before).toBeGreaterThan(7);
  });

  it('opens 50 workloads, 5,000 rules and 100,000 lines of a log within 2 s, and answers typing within 100 ms', async () => {
    const { page, complaints } = await browser.open(file('large.html'), DESKTOP);
    await page.locator('#refusals .log').waitFor();
    await expect(page.locator('.workload').count()).resolves.toBe(50);
    // From the start of the navigation to the end of the script that builds the page.
    const opened = await page.evaluate(() => performance.getEntriesByType('navigation')[0]?.duration ?? Infinity);
    expect(opened).toBeLessThan(2000);
    const times = await typingTimes(page);
    expect(times.length).toBe(12);
    // The middle one: others may meet another process of this machine.
    expect(times.sort((a, b) => a - b)[6]).toBeLessThan(100);
    expect(complaints).toEqual([]);
  });
});

async function headings(page: Page): Promise<string[]> {
  return page.getByRole('heading', { level: 2 }).allInnerTexts();
}

/** From each letter in the search fields to the next frame on the screen, milliseconds. */
async function typingTimes(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const times: number[] = [];
    for (const part of ['#access', '#refusals']) {
      const input = document.querySelector<HTMLInputElement>(`${part} input[type=search]`);
      if (!input) continue;
      for (const letter of 'api-42' as Iterable<string>) {
        const start = performance.now();
        input.value += letter;
        input.dispatchEvent(new Event('input', { bubbles: true }));
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        times.push(performance.now() - start);
      }
    }
    return times;
  });
}
