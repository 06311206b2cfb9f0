#!/bin/bash
# Runs a command with what systemd-nspawn needs of its host, whether or not that host runs systemd:
# a mount namespace of its own (the caller makes it) with a pure cgroup2 tree and an empty /run.
#   unshare --mount --propagation private bash namespace.sh NAME [--overlay LOWER DIRECTORY] COMMAND …
# Each NAME is a cgroup: in a shared one, two containers' PID 1 would share the sub-group "payload".
# --overlay mounts DIRECTORY/root as a copy of LOWER whose changes stay in DIRECTORY/upper.
set -euo pipefail
cgroup=/sys/fs/cgroup/reeve-desktop-$1
shift

umount --recursive /sys/fs/cgroup 2>/dev/null || true
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs tmpfs /run
mkdir -p "$cgroup"
echo $$ >"$cgroup/cgroup.procs"

if [ "$1" = --overlay ]; then
    mount -t overlay overlay -o "lowerdir=$2,upperdir=$3/upper,workdir=$3/work" "$3/root"
    shift 3
fi
exec "$@"
