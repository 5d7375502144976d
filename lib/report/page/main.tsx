import { render } from 'preact';
import type { ReportModel } from '../model';
import { Report } from './report';

const place = document.getElementById('page');
const model = JSON.parse(document.getElementById('model')?.textContent ?? '{}') as ReportModel;
if (place) {
  place.replaceChildren();
  render(<Report model={model} />, place);
}
