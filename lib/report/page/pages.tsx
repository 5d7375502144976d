import { useState } from 'preact/hooks';
import { usePrinting } from './use-printing';
import { counted, number } from './words';

const SIZE = 50;
/** On paper everything that was found is wanted, to a bound. */
const PRINTED = 1000;

export interface Pages {
  readonly from: number;
  readonly to: number;
  readonly go: (from: number) => void;
}

/** Which part of a long list is shown. @param key the first page is shown again where this changes */
export function usePages(count: number, key: string): Pages {
  const printing = usePrinting();
  const [{ at, of }, setPage] = useState({ at: 0, of: key });
  const from = of === key && at < count ? at : 0;
  const go = (start: number): void => setPage({ at: start, of: key });
  return printing ? { from: 0, to: Math.min(count, PRINTED), go } : { from, to: Math.min(count, from + SIZE), go };
}

interface PagerProps extends Pages {
  readonly count: number;
  readonly noun: string;
  /** Of the list, among those of the page. */
  readonly id: string;
}

/** `1 to 50 of 5,000 rules`, and the ways to the other ones. */
export function Pager({ from, to, go, count, noun, id }: PagerProps) {
  const words =
    count > to - from ? `${number(from + 1)} to ${number(to)} of ${counted(count, noun)}` : counted(count, noun);
  return (
    <div class="pager">
      <span role="status" id={`${id}-status`}>
        {words}
      </span>
      {count > SIZE && (
        <>
          <button type="button" disabled={from === 0} onClick={() => go(Math.max(0, from - SIZE))}>
            Previous
          </button>
          <button type="button" disabled={to >= count} onClick={() => go(to)}>
            Next
          </button>
        </>
      )}
    </div>
  );
}
