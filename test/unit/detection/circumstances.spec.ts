import { analyseText } from './recordings.ts';

function incidentsOf(lines: readonly string[]): string[] {
    return analyseText(lines.map((line, index) => `[  900.${String(index).padStart(6, '0')}] ${line}`))
        .incidents()
        .map(({ title }) => title);
}

// drivers/usb/host/xhci-ring.c and drivers/usb/core/hub.c.
const died = [
    'xhci_hcd 0000:3a:00.0: xHCI host controller not responding, assume dead',
    'xhci_hcd 0000:3a:00.0: HC died; cleaning up',
    'usb usb4: USB disconnect, device number 1',
    'usb 4-1: USB disconnect, device number 2',
];

describe('The controller of a dock', () => {
    for (const removal of [
        'pcieport 0000:00:1c.4: pciehp: Slot(4): Card not present',
        'thunderbolt 0-1: device disconnected',
        'xhci_hcd 0000:3a:00.0: remove, state 1',
    ]) {
        it(`is gone when the dock is: ${removal}`, () => {
            expect(incidentsOf([removal, ...died])).toEqual([]);
            expect(incidentsOf([...died, removal])).toEqual([]);
        });
    }

    it('fails when nobody took it out', () => {
        expect(incidentsOf(died)).toEqual(['A USB controller stopped working']);
    });
});
