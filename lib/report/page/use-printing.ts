import { options } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Whether the page is being printed. */
export function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const before = (): void => now(() => setPrinting(true));
    const after = (): void => setPrinting(false);
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
    };
  }, []);
  return printing;
}

/** The browser prints what stands there when its event is over, so that what changes must be rendered by then. */
function now(change: () => void): void {
  const usual = options.debounceRendering?.bind(options);
  options.debounceRendering = (render) => render();
  change();
  options.debounceRendering = usual;
}
