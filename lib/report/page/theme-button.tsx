import { useState } from 'preact/hooks';

const THEMES = ['auto', 'light', 'dark'] as const;

/** Light, dark, or as the system has it. */
export function ThemeButton() {
  const [index, setIndex] = useState(0);
  const next = (): void => {
    const following = (index + 1) % THEMES.length;
    setIndex(following);
    document.documentElement.dataset.theme = THEMES[following];
  };
  return (
    <button type="button" class="theme" onClick={next}>
      Theme: {THEMES[index]}
    </button>
  );
}
