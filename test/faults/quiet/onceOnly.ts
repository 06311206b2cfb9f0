import { setTimeout as pause } from 'node:timers/promises';
import { audit, kernel, replay, service } from '../replay.ts';
import type { QuietRun } from '../scenario.ts';

/** An incident is there within moments of its line; recovery checks that open one take some seconds. */
const aftermath = 15_000;

/** Signs of faults, each reported once: nobody notices anything, or works again a moment later. */
export const scenario: QuietRun = {
    title: 'what may be a sign of a fault, once',
    run: async desktop => {
        await replay(
            desktop,
            // edid_block_dump() in drivers/gpu/drm/drm_edid.c: the picture is there all the same.
            kernel('i915 0000:00:02.0: [drm] *ERROR* EDID block 0 (tag 0x00) checksum is invalid, remainder is 176', 4),
            kernel('EDID checksum is invalid, remainder is 176'),
            // intel_cpu_fifo_underrun_irq_handler() in drivers/gpu/drm/i915/display/intel_fifo_underrun.c.
            kernel('i915 0000:00:02.0: [drm] *ERROR* CPU pipe A FIFO underrun'),
            // audit_cb() in security/apparmor/file.c; 1400 is AUDIT_AVC of linux/audit.h.
            audit(
                1400,
                'AVC apparmor="DENIED" operation="open" class="file" profile="/usr/bin/evince" name="/etc/shadow" pid=912 comm="evince" requested_mask="r" denied_mask="r" fsuid=1000 ouid=0',
            ),
            // e1000_watchdog_task() in drivers/net/ethernet/intel/e1000e/netdev.c: a cable is unplugged.
            kernel('e1000e 0000:04:00.0 enp4s0: NIC Link is Down', 6),
            // blk_print_req_error() in block/blk-mq.c: a scratch, or the disc is being taken out.
            kernel('I/O error, dev sr0, sector 64 op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 2'),
            // fat_set_state() in fs/fat/inode.c: a stick that was pulled out of a camera.
            kernel('FAT-fs (sde1): Volume was not properly unmounted. Some data may be corrupt. Please run fsck.', 4),
            // ieee80211_auth() in net/mac80211/mlme.c: the next access point answers.
            kernel('wlp2s0: authentication with 02:00:00:00:00:01 timed out', 6),
            // therm_throt_process() in drivers/thermal/intel/therm_throt.c: it is at work, and the fan starts.
            kernel('CPU3: Core temperature is above threshold, cpu clock is throttled (total events = 1)', 4),
            // manager_timeout() in src/timesync/timesyncd-manager.c of systemd: the next server answers.
            service(
                'systemd-timesyncd.service',
                'systemd-timesyncd',
                'Timed out waiting for reply from 192.0.2.123:123 (0.debian.pool.ntp.org).',
                6,
            ),
        );
        await pause(aftermath);
    },
};
