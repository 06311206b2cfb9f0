import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { bytes } from '../figures.ts';
import { listNames, readText } from '../../../machine/machine.ts';
import { notHere, tool } from '../tool.ts';

const nvidiaFields = 'name,driver_version,memory.total,memory.used,utilization.gpu,temperature.gpu';

export const graphics = tool({
    name: 'graphics',
    description: 'Graphics processors (GPU): driver, memory, load, temperature.',
    parameters: z.object({}),
    asked: {
        phrases: {
            en: [
                '(what|which) (gpu|graphics card|video card|graphics|graphics chip|graphics processor) (do i have|is there|is installed|is this|is in [this] computer|does [this] computer have)',
                '(what|which) (gpu|graphics|video) driver (is used|is in use|is loaded|do i have|do i use|am i using)',
                '(how hot|how busy|how warm) is [the|my] (gpu|graphics card|video card)',
                'am i using (nouveau|nvidia|amdgpu|i915) [or nvidia|or nouveau]',
                'how much (vram|video memory|graphics memory) (do i have|is there|is used|is free|does it have)',
                '(gpu|graphics card|video card|vram) [usage|load|temperature|memory|info|model]',
            ],
            de: [
                '(welche|was für eine) (grafikkarte|gpu) (habe ich|ist eingebaut|ist das|gibt es|steckt)',
                '(welcher|welchen) (grafiktreiber|grafikkartentreiber) (läuft|wird benutzt|habe ich|ist aktiv)',
                'wie (ausgelastet|heiß|warm) ist die (gpu|grafikkarte)',
                'wie viel (grafikspeicher|vram|videospeicher) (habe ich|gibt es|ist frei)',
                '(grafikkarte|gpu)',
            ],
            ar: [
                '(ما|ما هو|ما هي) (كرت|بطاقة|معالج) (الشاشة|الرسوميات|الرسومات) [لدي|الموجود|الموجودة]',
                'ما تعريف (كرت الشاشة|بطاقة الرسوميات) [المستخدم]',
            ],
        },
        example: () => _('Which graphics card is there?'),
    },
    async run(_values, { machine, signal }, out) {
        let cards = 0;
        for (const card of (await listNames(machine, '/sys/class/drm')).sort()) {
            if (!/^card\d+$/.test(card)) continue;
            cards += 1;
            const device = `/sys/class/drm/${card}/device`;
            const read = async (file: string) => ((await readText(machine, `${device}/${file}`, 4096)) ?? '').trim();
            const uevent = await read('uevent');
            const driver = /^DRIVER=(.+)$/m.exec(uevent)?.[1] ?? 'no driver';
            const id = /^PCI_ID=(.+)$/m.exec(uevent)?.[1] ?? '';
            // Documentation/gpu/amdgpu/driver-misc.rst; other drivers have no such files.
            const [total, used, busy] = [
                await read('mem_info_vram_total'),
                await read('mem_info_vram_used'),
                await read('gpu_busy_percent'),
            ];
            const memory = total === '' ? '' : `, ${bytes(Number(used))} of ${bytes(Number(total))} video memory used`;
            out.cite(fact('file', device, safeText(`${driver} ${id}`, 100)));
            out.line(
                `${card}: driver ${driver}${id === '' ? '' : `, PCI ${id}`}${memory}${busy === '' ? '' : `, ${busy} % busy`}`,
            );
        }
        const nvidia = await machine.run('nvidia-smi', [`--query-gpu=${nvidiaFields}`, '--format=csv,noheader'], {
            signal,
        });
        for (const line of nvidia?.trim().split('\n') ?? []) {
            out.cite(fact('system', 'nvidia-smi', safeText(line, 200)));
            out.line(`NVIDIA (${nvidiaFields}): ${line}`);
        }
        if (cards === 0 && nvidia === null) throw notHere('A graphics device', '/sys/class/drm');
    },
});
