/**
 * The names of drivers and filesystems, which begin their messages with their own or that of their device, as
 * `dev_printk()`, `netdev_printk()`, `sdev_prefix_printk()` and each `pr_fmt()` of Linux do. By family of faults; a name stands
 * for itself, with a number behind it, and with more behind "-", "_", "/" or ".".
 */
const names: Readonly<Record<string, string>> = {
    disk: `ad acd twa twe amr end_device expander hisi_sas hisi_sas_v2_hw hisi_sas_v3_hw onenand esp sym sym53c ncr53c qlogicfc qlogicisp isp1020 mesh dac960 gdt ida ata ada da ahcich mps mpr mfi mrsas ciss geom geom_mirror nvd ahci libahci libata pata sata ide scsi sd sr st ses sg osst enclosure
        hpsa cciss cpqarray smartpqi megaraid megasas mpt2sas mpt3sas mpt2sas_cm mpt3sas_cm mpi3mr mpt mptbase mptscsih mptsas
        mptspi mptctl ioc aacraid aac aic7xxx aic79xx aic94xx qla qla2xxx qla1280 lpfc fnic bfa csiostor be2iscsi qedf qedi bnx2fc
        bnx2i libfc libfcoe fcoe 3w ips ipr isci pmcraid cxlflash csiostor snic mtip32xx aoe mvsas mvumi pm80xx pm8001 libsas sas arcmsr sym53c8xx ncr53c8xx dc395x gdth hptiop
        esas2r stex wd719x storvsc hv_storvsc pvscsi vmw_pvscsi iscsi iscsi_tcp libiscsi ib_srp ib_iser ufshcd ufs nvme nvmet
        md raid raid0 raid1 raid10 raid456 linear dm device-mapper bcache drbd block blk blk_update_request print_req_error
        myrs myrb fnic end_request buffer bio virtio_blk blkfront xen_blkfront loop nbd rbd floppy fd cdrom pktcdvd
        mmc mmcblk sdhci rtsx mtd mtdblock nand spi-nor i2o dasd zfcp dcssblk lvm multipath swap swapper_space`,
    filesystem: `ext2-fs ext3-fs ext4-fs ext2 ext3 ext4 jbd jbd2 xfs btrfs f2fs f2fs-fs ubi jfs reiserfs fat fat-fs vfat msdos exfat
        exfat-fs ntfs ntfs-fs ntfs3 gfs2 gfs ocfs2 o2net o2cb ubifs isofs udf udf-fs nilfs nilfs2 overlayfs squashfs erofs hfs
        hfsplus zfs spl vfs bcachefs cramfs romfs minix-fs ufs-fs minix umsdos sysv qnx4 efs quota dquot vxfs aufs dlm lock_dlm o2hb o2cb befs affs jffs2 nilfs orangefs zonefs`,
    mount: 'ncpfs ncp smbfs nfs nfs4 nfsd rpc sunrpc cifs smb smb2 lockd statd ceph libceph afs 9p 9pnet lustre lustreerror lnet gpfs mmfs',
    link: `gianfar smsc911x ax88772 eth em bge re ix ixl bond br e100 e1000 e1000e igb igbvf igc ixgbe ixgbevf i40e iavf ice fm10k tg3 bnx2
        bnx2x bnxt bnxt_en bnxt_re bcmgenet b44 r8169 r8168 r8152 r8125 8139too 8139cp 3c59x 3c90x forcedeth nforce sky2 skge
        via-rhine via-velocity tulip de4x5 natsemi ns83820 sundance sis900 pcnet32 epic100 atl1 atl1c atl1e alx atlantic enic
        be2net benet cxgb cxgb3 cxgb4 cxgb4vf chelsio mlx mlx4 mlx4_core mlx4_en mlx5 mlx5_core mlx5_ib mlxsw infiniband rdma rdmavt rxe siw ib ib_core
        ib_mthca mthca hfi1 qib infinipath irdma ipoib opa qlcnic qlge qede qed netxen myri10ge gm sfc ena gve vmxnet3
        virtio_net netvsc hv_netvsc xen_netfront vif macb stmmac stmmaceth dwmac phy phylink sfp asix ax88179_178a cdc_ether
        cdc_ncm cdc_mbim qmi_wwan usbnet smsc75xx smsc95xx lan78xx netdev amd-xgbe xgbe liquidio octeon thunderx hns3 tun
        bna hinic hns3 hns3pf hns3vf hclge ionic nfp gve mana octeontx2 rvu idpf can c_can flexcan m_can mcan qeth lcs ctcm jme s2io vxge gxio atm ppp slip`,
    wifi: `wlan wifi wcnss bcm43xx iwlagn iwlcore ndiswrapper airo prism54 acx at76 wcn36xx rtl8192cu rtl8192se rtl8188eu iwlwifi iwl iwlmvm iwldvm iwl3945 iwl4965 ipw2100 ipw2200 ath ath5k ath6kl ath9k ath9k_htc ath10k
        ath10k_pci ath10k_sdio ath11k ath11k_pci ath12k ath12k_pci carl9170 brcmfmac brcmsmac brcmutil b43 bcma-wl rtw rtw88 rtw89
        rtw_8822be rtw_8822ce rtw_8821ce rtw_8723de rtw89_8852ae rtw89_8852be rtl8xxxu rtlwifi rtl8192ce rtl8723be rtl8821ae
        rtl8188ee r8712u mt76 mt7601u mt76x0 mt76x0u mt76x2 mt76x2u mt7615 mt7915 mt7603 mt7603e mt7612e mt7615e mt7663 mt7663u mt7663s mt7915e mt7921 mt7921e mt7921u mt7921s mt7922 mt7925 mt7925e mt7925u mt7996 mt7996e mt7902e mwifiex mwifiex_pcie
        mwifiex_sdio mwl8k libertas rt2x00 rt2800 rt2800pci rt2800usb rt61pci rt73usb zd1211rw p54 orinoco hostap ieee80211
        cfg80211 mac80211 wil6210 wl wl12xx wl18xx wlcore wilc wilc1000 rsi rsi_91x cc33xx`,
    bluetooth: 'bluetooth btusb hci',
    usb: `usb usbcore hub xhci xhci_hcd ehci ehci_hcd ehci-pci ohci ohci_hcd uhci uhci_hcd usb-storage usb_storage uas uvcvideo usbhid
        usblp usbserial ch341 ch341-uart mos7720 mos7840 keyspan ftdi_sio pl2303 cp210x cdc_acm ucsi ucsi_acpi ucsi_ccg typec tcpm thunderbolt firewire firewire_core
        firewire_ohci firewire_sbp2 ieee1394 ohci1394 sbp2 pcmcia cardbus yenta musb dwc2 dwc3 dwc_otg wusb`,
    graphics: `drm i915 xe amdgpu amdkfd kfd radeon nouveau nvrm nvidia nvidia-modeset nvidia-drm nvidia-gpu fglrx ast mgag200 cirrus
        gma500 vmwgfx qxl bochs vc4 v3d panfrost etnaviv lima msm mali udl evdi fbcon efifb vesafb simplefb vgaarb sxid omapdrm omapdss imx-drm msm_dpu msm_dsi rockchip-drm sun4i-drm mediatek-drm tegra-dc pvr pvr_k pvrsrvkm tilcdc mxsfb`,
    audio: `hda_intel hda-intel hda_codec es1371 es1370 es1938 via82cxxx cs46xx cs4281 i810_audio cmpci maestro3 usbaudio snd snd_hda_intel snd_hda_codec snd_usb_audio snd-usb-audio snd_pcm hdaudio hdac alsa azx sof sof-audio-pci soundwire
        sdw intel-sdw qcom-q6afe qcom-q6asm qcom-q6adm q6afe q6asm q6adm wcd934x wcd938x asoc intel8x0 emu10k1 via82xx ac97 echoaudio cs5535audio es18xx ens1370 ens1371 trident maestro ymfpci au88x0 avs skl`,
    hardware: `ecc ttys uart serial8250 parport edac mce mca ras cmci hardware pcieport pcie pci pciehp shpchp aer dpc dmar amd-vi iommu ghes apei bert erst nmi ipmi
        ipmi_si ipmi_ssif chsc cio crw zcrypt subsys subsys-pil-tz tpm tpm_tis tpm_crb cxl nvdimm ccp amd-pmf amd_pmf amd_tee nd_pmem pmem cpu mc serror eeh opal rtas vfio vfio-pci uhhuh i2c
        i2c_designware i801_smbus piix4_smbus apic ioapic machine genirq irq qpi upi smi ioatdma idxd qat mhi mei mei_me smpboot remoteproc qcom_q6v5 qcom_q6v5_mss qcom_q6v5_pas qcom-q6v5-mss northbridge gart`,
    power: `regulator tps ltc2978 lm75 lm78 lm80 lm85 lm87 lm90 adm1021 adm1025 adt7475 w83781d f71882fg nct6683 max6650 thermal thermal_sys hwmon coretemp k10temp k8temp nct6775 it87 w83627 applesmc acpitz intel_rapl intel_rapl_common pmbus power_meter fan battery power_supply bq27xxx
        bq27xxx-battery sbs-battery raspberrypi-hwmon ups cpufreq dell_smm_hwmon thinkpad_acpi`,
    runaway: 'watchdog rcu hung_task softdog itco_wdt hpwdt ipmi_watchdog sp5100_tco csd workqueue',
    crash: 'bug oops slab slub kasan kfence ubsan refcount_t list_add list_del',
    memory: 'oom oom-kill zram zswap hugetlb cma',
    display:
        'rmi4 rmi4_f01 rmi4_f03 rmi4_f12 rmi4_smbus rmi4_physical psmouse atkbd elan_i2c elants_i2c i2c_hid i2c_hid_acpi i2c_hid_of hid hid-generic hid-multitouch wacom synaptics goodix ads7846 edt_ft5x06 atmel_mxt_ts cyttsp4 cyttsp5 silead_ts bcm5974 magicmouse logitech-djreceiver logitech-hidpp-device elo egalax_ts ili210x raydium_ts melfas stmfts pixcir_ts zforce cros-ec-keyb',
    time: 'rtc',
    suspend: 'amd_pmc intel_pmc_core',
};

/** Created on first use, as few journals report a driver that failed. */
let byName: ReadonlyMap<string, string> | null = null;

/** Words in the names of drivers and of the devices of a device tree that tell what kind they are: `sunxi-mmc`, `1c30000.ethernet`. */
const kinds: Readonly<Record<string, string>> = {
    disk: 'mmc sdhci sdmmc nand nor flash ahci sata scsi raid sas',
    link: 'ethernet eth gmac mdio mac switch',
    wifi: 'wifi wlan',
    usb: 'usb xhci ehci ohci otg typec',
    graphics: 'gpu drm dsi hdmi lcdc display',
    audio: 'audio sound i2s dai pcm hda',
    power: 'battery charger regulator pmic thermal tsens tsadc fan psu',
    hardware: 'pcie pci i2c spi qspi iommu smmu edac dma',
    time: 'rtc',
};
let byKind: ReadonlyMap<string, string> | null = null;

export const firstWord = /^(?:\(xen\) )?[^a-z0-9]{0,8}([a-z0-9][a-z0-9_/.-]{0,47})/;
const wired = /^(?:eth|en[opsx]|ib|bond)\d/;
/** Interfaces, and drivers that bear the number of their chip; MT7620 to 7629 and 7688 are whole routers. */
const wireless = /^(?:wl[opsx]\d|wlan\d|rtl8(?:18|19|[278]\d)\d|rtw_?8|mt7(?:6(?!2\d|88)|9)\d\d)/;
/** Codecs of sound bear the number of their chip: `wm8960`, `rt5682`, `cs42l42`. */
const codec =
    /^(?:wm8\d{3}|rt[15]\d{3}|es83\d\d|cs(?:35|42|43)l\d\d|max98\d{3}|nau8\d{3}|da72\d\d|pcm(?:18|51)\d\d|tlv320|ak4\d{3}|adau1\d{3}|tas[25]\d{3}|sgtl5000|ssm\d{4})/;
const disk = /^(?:(?:sd|hd|vd|xvd)[a-z]{1,3}\d*|wd\d[a-p]?|nvme\d+n\d+(?:p\d+)?|mmcblk\d+(?:p\d+|boot\d)?)$/;

function inverted(table: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
    return new Map(
        Object.entries(table).flatMap(([family, of]) => of.split(/\s+/).map(name => [name, family] as const)),
    );
}

/** The family that a driver belongs to, by its name in lower case; null if the name does not show it. */
export function familyOfDriver(driver: string): string | null {
    const word = firstWord.exec(driver)?.[1];
    return word === undefined ? null : (familyOfName(word) ?? familyOfKind(word));
}

/** Whether it is the name of a network interface or a disk. */
export function isDeviceName(word: string): boolean {
    return wired.test(word) || wireless.test(word) || disk.test(word);
}

/** The family by a word in the name. */
export function familyOfKind(word: string): string | null {
    byKind ??= inverted(kinds);
    for (const part of word.split(/[-_/.:]/)) {
        const family = byKind.get(part) ?? byKind.get(part.replace(/\d+$/, ''));
        if (family !== undefined) return family;
    }
    return null;
}

/** The family by the name itself. @param word a driver, a filesystem or a device */
export function familyOfName(word: string): string | null {
    if (wired.test(word)) return 'link';
    if (wireless.test(word)) return 'wifi';
    if (disk.test(word)) return 'disk';
    if (codec.test(word)) return 'audio';
    byName ??= inverted(names);
    for (let name = word; name !== '';) {
        const family = byName.get(name) ?? byName.get(name.replace(/[\d.]+$/, ''));
        if (family !== undefined) return family;
        const end = Math.max(...['-', '_', '/', '.'].map(mark => name.lastIndexOf(mark)));
        if (end <= 0) return null;
        name = name.slice(0, end);
    }
    return null;
}
