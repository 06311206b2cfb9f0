import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { code, item, plain, strong } from '../../markup.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { bytes } from '../figures.ts';
import { listNames, readText } from '../../../machine/machine.ts';
import type { Machine } from '../../../machine/machine.ts';
import { notHere, toldTool } from '../tool.ts';

const nvidiaFields = 'name,driver_version,memory.total,memory.used,utilization.gpu,temperature.gpu';

type Card = {
    card: string;
    name: string | null;
    driver: string | null;
    id: string | null;
    memory: { used: number; total: number } | null;
    busy: number | null;
};

export const graphics = toldTool({
    name: 'graphics',
    description: 'Graphics processors (GPU): driver, memory, load, temperature.',
    parameters: z.object({}),
    asked: {
        phrases: {
            en: [
                '(does it|is there|do i have) [support] vulkan',
                'is hardware acceleration (on|enabled|working)',
                'am i (on|using|running) (wayland|x11|xorg) [or] [x11|wayland|xorg]',
                '(what|which) (gpu|graphics card|video card|graphics|graphics chip|graphics processor) (do i have|is there|is installed|is this|is in [this] computer|does [this] computer have)',
                '(what|which) (gpu|graphics|video) driver (is used|is in use|is loaded|do i have|do i use|am i using)',
                'how busy is [the|my] (gpu|graphics card|video card)',
                'am i using (nouveau|nvidia|amdgpu|i915) [or nvidia|or nouveau]',
                'how much (vram|video memory|graphics memory) (do i have|is there|is used|is free|does it have)',
                '(gpu|graphics card|video card|vram) [usage|load|temperature|memory|info|model]',
            ],
            de: [
                'was lastet die (gpu|grafikkarte) aus',
                'läuft [hier] (wayland|x11) [oder] [x11|wayland]',
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
    absent: source => _('The kernel knows of no graphics card here ({source}).', { source }),
    async find(_values, { machine, signal }, cite) {
        const cards: Card[] = [];
        for (const card of (await listNames(machine, '/sys/class/drm')).sort()) {
            if (!/^card\d+$/.test(card)) continue;
            const device = `/sys/class/drm/${card}/device`;
            const read = async (file: string) => ((await readText(machine, `${device}/${file}`, 4096)) ?? '').trim();
            const uevent = await read('uevent');
            const field = (name: string) => new RegExp(`^${name}=(.+)$`, 'm').exec(uevent)?.[1] ?? null;
            const slot = field('PCI_SLOT_NAME');
            const driver = field('DRIVER');
            const id = field('PCI_ID');
            // Documentation/gpu/amdgpu/driver-misc.rst; other drivers have no such files.
            const [total, used, busy] = [
                await read('mem_info_vram_total'),
                await read('mem_info_vram_used'),
                await read('gpu_busy_percent'),
            ];
            cite(fact('file', device, safeText(`${driver ?? 'no driver'} ${id ?? ''}`, 100)));
            cards.push({
                card,
                name: slot === null ? null : await nameOf(slot, machine, signal),
                driver: driver === null ? null : safeText(driver, 64),
                id: id === null ? null : safeText(id, 32),
                memory: total === '' ? null : { used: Number(used), total: Number(total) },
                busy: busy === '' ? null : Number(busy),
            });
        }
        const nvidia = await machine.run('nvidia-smi', [`--query-gpu=${nvidiaFields}`, '--format=csv,noheader'], {
            signal,
        });
        // Without a driver, it explains that instead.
        const rows =
            nvidia?.split('\n').filter(line => line.split(', ').length === nvidiaFields.split(',').length) ?? [];
        const nvidiaLines = rows.map(line => safeText(line.trim(), 200));
        for (const line of nvidiaLines) cite(fact('system', 'nvidia-smi', line));
        if (cards.length === 0 && nvidiaLines.length === 0) throw notHere('A graphics device', '/sys/class/drm');
        return { cards, nvidiaLines };
    },
    write({ cards, nvidiaLines }, out) {
        for (const { card, name, driver, id, memory, busy } of cards) {
            const used = memory === null ? '' : `, ${bytes(memory.used)} of ${bytes(memory.total)} video memory used`;
            const title = name === null ? '' : ` ${name},`;
            out.line(
                `${card}:${title} driver ${driver ?? 'none'}${id === null ? '' : `, PCI ${id}`}${used}${busy === null ? '' : `, ${busy} % busy`}`,
            );
        }
        for (const line of nvidiaLines) out.line(`NVIDIA (${nvidiaFields}): ${line}`);
    },
    *tell({ cards, nvidiaLines }, format) {
        for (const { name, driver, id, memory, busy } of cards) {
            const card = strong(plain(name ?? _('A card without a known name ({id})', { id: id ?? '?' })));
            yield driver === null
                ? `${_('{card}: no driver is loaded for it.', { card })}\n\n`
                : `${_('{card}, with the driver {driver}.', { card, driver: code(driver) })}\n\n`;
            if (busy !== null) yield item(_('It is {share} busy.', { share: format.percent(busy / 100) }));
            if (memory === null) continue;
            const values = { used: format.size(memory.used), total: format.size(memory.total) };
            yield item(_('{used} of {total} of its memory is in use.', values));
        }
        // nvidia-smi's own fields: name, driver, memory, used, load, temperature.
        for (const line of nvidiaLines) {
            const [name = '', driver = '', total = '', used = '', load = '', heat = ''] = line.split(', ');
            yield item(
                _('{card}: NVIDIA driver {driver}, {used} of {total} of its memory in use, {load} busy, {heat} °C', {
                    card: plain(name),
                    driver: plain(driver),
                    used: plain(used),
                    total: plain(total),
                    load: plain(load),
                    heat: plain(heat),
                }),
            );
        }
    },
});

/** Maker and model by lspci(8), which prints "Key:\tvalue" lines. @param slot such as "0000:01:00.0" */
async function nameOf(slot: string, machine: Machine, signal: AbortSignal): Promise<string | null> {
    if (!/^[\da-f:.]+$/i.test(slot)) return null;
    const output = await machine.run('lspci', ['-vmm', '-s', slot], { signal });
    const field = (name: string) => new RegExp(`^${name}:\\t(.+)$`, 'm').exec(output ?? '')?.[1] ?? '';
    return safeText(`${field('Vendor')} ${field('Device')}`.trim(), 160) || null;
}
