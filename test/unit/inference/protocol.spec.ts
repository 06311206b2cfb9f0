import { Decoder, encode, order, report } from '../../../service/inference/local/protocol.ts';

describe('Messages between the service and a worker', () => {
    it('arrive whole, however they are cut', () => {
        const bytes = Buffer.from(encode({ type: 'text', id: 1, text: 'Über' }) + encode({ type: 'pong' }));
        const decoder = new Decoder(report, 1000);

        const received = [...bytes].flatMap(byte => decoder.push(Uint8Array.of(byte)));

        expect(received).toEqual([{ type: 'text', id: 1, text: 'Über' }, { type: 'pong' }]);
    });

    it('are found among what a driver prints', () => {
        const decoder = new Decoder(report, 1000);
        const noise = 'MESA: warning\nno newline at its end';

        expect(decoder.push(Buffer.from(`${noise}${encode({ type: 'pong' })}more\n`))).toEqual([{ type: 'pong' }]);
        expect(decoder.push(Buffer.from('x'.repeat(5000)))).toEqual([]);
    });

    it('that are too long, or none, are refused', () => {
        expect(() => new Decoder(report, 100).push(Buffer.from(`\u001e${'x'.repeat(200)}`))).toThrowError(/too long/);
        expect(() => new Decoder(report, 100).push(Buffer.from('\u001e{"type":"gossip"}\n'))).toThrow();
        expect(() => new Decoder(order, 100).push(Buffer.from('\u001enonsense\n'))).toThrow();
    });
});
