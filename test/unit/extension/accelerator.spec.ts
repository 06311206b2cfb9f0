import {
    acceleratorLabel,
    canonicalAccelerator,
    chooseKey,
    claimants,
    sameAccelerator,
    without,
    type KeyClaim,
} from '../../../extension/input/accelerator.ts';

const claim = (key: string, ...accelerators: string[]): KeyClaim => ({
    schema: 'org.example',
    path: '',
    key,
    accelerators,
});

const wanted = ['<Super>space'];
const fallback = ['<Control><Super>space'];
const inputSource = claim('switch-input-source', '<Super>space', 'XF86Keyboard');

describe('Accelerators', () => {
    it('are equal in whatever spelling', () => {
        expect(sameAccelerator('<Control><Super>space', '<Super><Primary>Space')).toBeTrue();
        expect(sameAccelerator('<Mod4>space', '<Super>space')).toBeTrue();
        expect(sameAccelerator('<Super>space', '<Shift><Super>space')).toBeFalse();
    });

    it('are nothing when they are empty or switched off', () => {
        expect(canonicalAccelerator('')).toBeNull();
        expect(canonicalAccelerator('disabled')).toBeNull();
        expect(canonicalAccelerator('<Super>')).toBeNull();
        expect(sameAccelerator('', '')).toBeFalse();
    });

    it('are read by people', () => {
        expect(acceleratorLabel('<Control><Super>space')).toBe('Ctrl+Super+Space');
        expect(acceleratorLabel('F9')).toBe('F9');
    });

    it('can be taken out of a list without the others', () => {
        expect(without(['<Super>space', 'XF86Keyboard'], '<Super>Space')).toEqual(['XF86Keyboard']);
    });

    it('have claimants', () => {
        expect(claimants('<Super>space', [claim('close', '<Alt>F4'), inputSource])).toEqual([inputSource]);
    });
});

describe('The shortcut', () => {
    it('is the wanted one while nobody else holds it', () => {
        expect(chooseKey(wanted, fallback, [claim('close', '<Alt>F4')])).toEqual({
            bind: 'wanted',
            accelerator: '<Super>space',
            claimedBy: [],
        });
    });

    it('falls back where it is taken, and says by whom', () => {
        expect(chooseKey(wanted, fallback, [inputSource])).toEqual({
            bind: 'fallback',
            accelerator: '<Control><Super>space',
            claimedBy: [inputSource],
        });
    });

    it('is none where both are taken', () => {
        const other = claim('screensaver', '<Primary><Super>space');
        expect(chooseKey(wanted, fallback, [inputSource, other])).toEqual({
            bind: 'none',
            accelerator: null,
            claimedBy: [inputSource],
        });
    });

    it('is none where the user wants none', () => {
        expect(chooseKey([], fallback, [])).toEqual({ bind: 'none', accelerator: null, claimedBy: [] });
        expect(chooseKey([''], fallback, [])).toEqual({ bind: 'none', accelerator: null, claimedBy: [] });
    });
});
