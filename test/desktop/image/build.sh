#!/bin/bash
# Builds the image of one suite: build.sh SUITE IMAGE DOWNLOADS MIRROR
# IMAGE appears only when it is complete. DOWNLOADS keeps the packages for the next build.
set -euo pipefail
suite=$1 image=$2 downloads=$3 mirror=$4
here=$(dirname "$(readlink -f "$0")")
[ ! -e "$image" ] || exit 0 # another process built it while we waited for the lock

partial=$image.partial
rm -rf "$partial"
mkdir -p "$downloads"

packages=$(sed -n -e '/^#/d' -e "s/^$suite://p" -e '/^[a-z]*:/!p' "$here/packages.txt")

# An older debootstrap does not know the newest suites by name; all of them are made by the script of sid.
debootstrap --variant=minbase --cache-dir="$downloads" \
    --include=systemd,systemd-sysv,dbus,dbus-user-session,libpam-systemd,polkitd,ca-certificates \
    "$suite" "$partial" "$mirror" /usr/share/debootstrap/scripts/sid

# Only while the image is built: nothing is lost when the build machine stops, so dpkg need not wait for the disk; a mirror
# may be a frozen one, whose release files count as expired.
echo force-unsafe-io >"$partial/etc/dpkg/dpkg.cfg.d/building"
cat >"$partial/etc/apt/apt.conf.d/00building" <<END
APT::Keep-Downloaded-Packages "true";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
END

# shellcheck disable=SC2086 # one word for each package
unshare --mount --propagation private bash "$here/../namespace.sh" "building-$suite" \
    systemd-nspawn --quiet --register=no --keep-unit --directory="$partial" --pipe \
    --bind="$downloads:/var/cache/apt/archives" --bind-ro="$here:/image" \
    --setenv=DEBIAN_FRONTEND=noninteractive bash /image/setup.sh $packages </dev/null

rm -f "$partial/etc/dpkg/dpkg.cfg.d/building" "$partial/etc/apt/apt.conf.d/00building"
mv "$partial" "$image"
