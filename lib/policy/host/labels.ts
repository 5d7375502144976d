import { quote } from '../quote';
import { fault, type HostFault } from './fault';

/** Longest label and longest name, in octets (RFC 1035 section 2.3.4; 253 is 255 less the two length octets that the text lacks). */
const LONGEST_LABEL = 63;
const LONGEST_NAME = 253;

/** Letters, digits and hyphen, never first or last (RFC 5890 section 2.3.1); Envoy answers a host with an underscore with 400. */
const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/**
 * Checks the labels of a name and its length.
 * @param name Lower case, in its ASCII form, without `*.` and without the trailing dot.
 * @param wildcard Whether `*.` stands before it.
 */
export function findLabelFault(name: string, wildcard: boolean): HostFault | undefined {
  if (name.startsWith('.')) {
    const rest = name.slice(1);
    const remedy = `for every name below write ${quote(`*.${rest}`)}, for the name itself ${quote(rest)}`;
    return fault('host_label', 'a label is empty', remedy);
  }
  for (const label of name.split('.')) {
    const wrong = findFaultOf(label);
    if (wrong) return wrong;
  }
  const length = name.length + (wildcard ? 2 : 0);
  if (length <= LONGEST_NAME) return undefined;
  return fault('host_label', `the name has ${length} characters`, `a name has at most ${LONGEST_NAME} (RFC 1035)`);
}

function findFaultOf(label: string): HostFault | undefined {
  if (label === '') return fault('host_label', 'a label is empty', 'write one dot between two labels');
  if (label.length > LONGEST_LABEL) {
    const what = `the label ${quote(label)} has ${label.length} characters`;
    return fault('host_label', what, `a label has at most ${LONGEST_LABEL} (RFC 1035)`);
  }
  if (LABEL.test(label)) return undefined;
  if (label.includes('_')) {
    const what = `the label ${quote(label)} holds an underscore, and Envoy's HTTP/1 parser refuses such a host with 400`;
    return fault(
      'host_label',
      what,
      'name a host without one: no server behind the gateway is reached under this name',
    );
  }
  const remedy = 'a label is made of letters, digits and "-", and neither begins nor ends with "-"';
  return fault('host_label', `the label ${quote(label)} is not allowed`, remedy);
}
