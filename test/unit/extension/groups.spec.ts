import { decodeIncident } from '../../../extension/remote/decode.ts';
import { areServices, commonCause, commonChange, groupsOf } from '../../../extension/state/groups.ts';

const second = 1_000_000;
const noon = 1_700_000_000 * second;

describe('Incidents that began together', () => {
    const incident = (id: number, properties: Parameters<typeof decodeIncident>[1] = {}) =>
        decodeIncident(`/i/${id}`, {
            Id: id,
            Family: 'unit',
            Subject: `u${id}.service`,
            FirstSeen: noon + id * second,
            ...properties,
        });
    const many = (count: number, properties: Parameters<typeof decodeIncident>[1] = {}, first = 1) =>
        Array.from({ length: count }, (_each, index) => incident(first + index, properties));
    const ids = (groups: ReturnType<typeof groupsOf>) => groups.map(group => group.map(({ id }) => id));

    it('are one group, in the place of the first', () => {
        const other = incident(200, { Family: 'disk-space' });
        const groups = groupsOf([other, ...many(100)]);
        expect(groups.map(({ length }) => length)).toEqual([1, 100]);
        expect(groupsOf([...many(3), other, ...many(2, {}, 4)]).map(({ length }) => length)).toEqual([5, 1]);
    });

    it('are each a card while they are few', () => {
        expect(ids(groupsOf(many(4)))).toEqual([[1], [2], [3], [4]]);
    });

    it('stay a group while they become fewer, until one is left', () => {
        const others = many(4, {}, 2);
        const isGrouped = ({ id }: { id: number }) => id <= 5;
        const fixed = incident(1, { State: 2 });
        expect(groupsOf([fixed, ...others], isGrouped).map(({ length }) => length)).toEqual([1, 4]);
        expect(groupsOf(others.slice(0, 2), isGrouped).map(({ length }) => length)).toEqual([2]);
        expect(groupsOf(others.slice(0, 1), isGrouped).map(({ length }) => length)).toEqual([1]);
        expect(groupsOf([...others.slice(0, 1), ...many(3, {}, 6)], isGrouped).length).toBe(4);
    });

    it('are apart from what began at another time, from another family, and from what is over', () => {
        const later = many(5, { FirstSeen: noon + 3600 * second }, 10);
        const elsewhere = many(4, { Family: 'crash' }, 20);
        const over = many(5, { State: 3 }, 30);
        expect(groupsOf([...many(5), ...later, ...elsewhere, ...over]).map(({ length }) => length)).toEqual([
            5, 5, 1, 1, 1, 1, 5,
        ]);
    });

    it('are apart when they recovered and when what they were about no longer exists', () => {
        const [recovered, removed] = [many(5, { State: 3 }), many(5, { State: 5 }, 10)];
        expect(groupsOf([...many(5, {}, 20), ...recovered, ...removed]).map(([{ id }]) => id)).toEqual([20, 1, 10]);
    });

    it('keep the card of each that was fixed, which leads back', () => {
        expect(groupsOf(many(6, { State: 2 })).map(({ length }) => length)).toEqual([1, 1, 1, 1, 1, 1]);
    });

    it('are one again that were fixed together, which leads back for all', () => {
        const fixed = many(6, { State: 2 });
        expect(groupsOf(fixed, undefined, ({ id }) => id > 4).map(({ length }) => length)).toEqual([1, 1, 1, 1, 2]);
        expect(groupsOf(fixed, undefined, () => true).map(({ length }) => length)).toEqual([6]);
    });

    it('have the cause that all of them have', () => {
        const [ended, crashed] = [incident(1, { Cause: 'It ended' }), incident(2, { Cause: 'It crashed' })];
        expect(commonCause([ended, ended])).toBe('It ended');
        expect(commonCause([ended, crashed])).toBe('');
    });

    describe('where one change broke many of them', () => {
        const edit = '/etc/shared.env was edited';
        const evidence = [
            { source: 'timeline', time: noon, origin: '/etc/shared.env', message: `${edit}\n@@ -1 +1 @@` },
            { source: 'timeline', time: noon - 1, origin: '/etc/hosts', message: '/etc/hosts was edited' },
        ];
        const broken = (id: number) =>
            incident(id, { Cause: `${edit} ${id} s before u${id} failed.`, Evidence: evidence });
        const [one = broken(1), ...others] = [1, 2, 3, 4, 5, 6].map(broken);

        it('they show it', () => {
            expect(commonChange([one, ...others])?.message).toContain(edit);
            // Its cause is still looked for, beyond its log.
            expect(commonChange([one, ...others, incident(7, { Cause: 'It ended.' })])?.message).toContain(edit);
            expect(commonChange([one, incident(7, { Cause: 'It crashed.', Evidence: evidence })])).toBeNull();
            expect(commonChange([incident(7), incident(8)])).toBeNull();
        });

        it('they are apart from what has another cause', () => {
            const crashed = incident(7, { Cause: 'It crashed.', Evidence: evidence });
            expect(ids(groupsOf([one, crashed, ...others, incident(8)]))).toEqual([[1, 2, 3, 4, 5, 6, 8], [7]]);
            // Few of one cause say nothing of the others.
            const [, , third = one, fourth = one, fifth = one] = others;
            expect(groupsOf([third, fourth, fifth, crashed, incident(8)]).length).toBe(1);
        });
    });

    it('are services where all are', () => {
        expect(areServices([incident(1), incident(2)])).toBeTrue();
        expect(areServices([incident(1), incident(2, { Subject: 'data.mount' })])).toBeFalse();
    });
});
