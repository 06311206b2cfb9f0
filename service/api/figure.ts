import { variant, type Dictionary } from '../dbus/variant.ts';
import type { Figure } from '../model/figure.ts';

/** As the results of Request.Finished have it. */
export function figureDictionary(figure: Figure): Dictionary {
    const { kind, title, text } = figure;
    const common = { kind: variant('s', kind), title: variant('s', title), text: variant('s', text) };
    if (figure.kind === 'line')
        return {
            ...common,
            shares: variant(
                'ad',
                figure.shares.map(share => share ?? -1),
            ),
            begin: variant('s', figure.begin),
            end: variant('s', figure.end),
        };
    const bars = figure.bars.map(bar => ({
        label: variant('s', bar.label),
        share: variant('d', bar.share),
        text: variant('s', bar.text),
    }));
    return { ...common, bars: variant('aa{sv}', bars) };
}
