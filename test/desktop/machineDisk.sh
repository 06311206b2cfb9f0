#!/bin/bash
# Makes the disk of a virtual machine, in a mount namespace of its own (the caller makes it).
#   unshare --mount --propagation private bash machineDisk.sh LOWER DIRECTORY DISK [OUTSIDE INSIDE] …
# The disk holds LOWER with DIRECTORY/upper over it, and each folder OUTSIDE at INSIDE. DIRECTORY has folders work and root too.
set -euo pipefail
directory=$2 disk=$3
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
shift 3
for modules in "$directory"/root/usr/lib/modules/*; do
    chroot "$directory/root" /usr/sbin/depmod "$(basename "$modules")"
done
while [ $# -gt 0 ]; do
    mkdir -p "$directory/root$2"
    mount --bind "$1" "$directory/root$2"
    shift 2
done
mke2fs -q -t ext4 -d "$directory/root" "$disk" 5G
