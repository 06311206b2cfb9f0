import { _ } from '../i18n/i18n.ts';
import type { Computing } from '../inference/computing.ts';
import type { Check } from '../model/healthCheck.ts';

/** A graphics card that does not help deserves a mention; having none is no fault. */
export function checkComputing(computing: Computing | null): Check {
    const id = 'language-model';
    const title = _('Language model');
    if (computing === null) return { id, title, status: 'fine', detail: _('None: built-in answers only'), remedy: '' };
    const { accelerator, device, why, tried, isGpuIdle } = computing;
    const processor = tried.find(({ name }) => name === 'cpu');
    if (processor?.works === false)
        return {
            id,
            title,
            status: 'problem',
            detail: processor.detail,
            remedy: _('Reinstall Reeve, then run: reeve models probe'),
        };
    if (isGpuIdle) {
        const remedy = _('Fix its driver, then run: reeve models probe');
        return { id, title, status: 'note', detail: why, remedy };
    }
    const place = accelerator === 'cpu' ? _('On the processor') : device;
    const detail = [place, why].filter(part => part !== '').join(': ');
    return { id, title, status: 'fine', detail, remedy: '' };
}
