import type { CatalogueModel, Computing, Transfer } from '../../remote/models.js';
import { sizeText } from '../../text/size.js';
import { _, ngettext } from '../i18n.js';

export function joined(...parts: string[]): string {
    return parts.filter(part => part !== '').join(' · ');
}

/** The usual name of an accelerator. */
export function acceleratorName(accelerator: string): string {
    const names: Record<string, string> = { cuda: 'CUDA', vulkan: 'Vulkan', cpu: _('Processor') };
    return names[accelerator] ?? accelerator;
}

export function placeText({ accelerator, device }: Computing): string {
    switch (accelerator) {
        case 'cpu':
            return _('Runs on the processor');
        case 'remote':
            return _('Runs on a server');
        case '':
            return _('Not known yet what it runs on');
        default: {
            const name = acceleratorName(accelerator);
            return device === ''
                ? _('Runs on the graphics card ({name})', { name })
                : _('Runs on {device} ({name})', { device, name });
        }
    }
}

/** The memory that a loaded model takes, and where. */
export function memoryText({ memory, memoryGpu, layers, layersAccelerated }: Computing): string {
    const share =
        layersAccelerated === 0
            ? ''
            : _('{some} of {all} layers on the graphics card', { some: layersAccelerated, all: layers });
    return joined(_('In memory: {size}', { size: sizeText(memory + memoryGpu) }), share);
}

/** The progress of a transfer. @param rate bytes a second; null while unknown */
export function progressText({ received, total, step, running }: Transfer, rate: number | null): string {
    const amount =
        total === 0
            ? received === 0
                ? ''
                : sizeText(received)
            : _('{received} of {total}', { received: sizeText(received), total: sizeText(total) });
    if (!running) return joined(_('Stopped'), amount);
    if (rate === null || rate <= 0 || total === 0) return joined(step, amount);
    const speed = _('{size} per second', { size: sizeText(rate) });
    return joined(step, amount, speed, remainingText((total - received) / rate));
}

function remainingText(seconds: number): string {
    if (seconds < 60) return _('less than a minute left');
    if (seconds < 3600)
        return ngettext('about {count} minute left', 'about {count} minutes left', Math.round(seconds / 60));
    return ngettext('about {count} hour left', 'about {count} hours left', Math.round(seconds / 3600));
}

export function downloadSize({ size, sizeKnown }: CatalogueModel): string {
    return sizeKnown ? sizeText(size) : _('about {size}', { size: sizeText(size) });
}
