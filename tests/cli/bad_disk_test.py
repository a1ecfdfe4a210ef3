"""A store on a disk that is full, and in a folder that is read-only.

Both are small tmpfs mounts in a mount namespace of this process, made as root or in a user
namespace. Where neither is allowed, the tests are skipped and say so.
"""

import os
import subprocess
import sys
import unittest

from knhk_command import (CATALOGUE, DONE, MACHINE, SKIPPED, CommandTest, run_main, state_of)

SIZE_KIB = 4096


def enter_mount_namespace():
    """Runs this script again where it may mount; exits as skipped where it can't."""
    if os.environ.get("KNHK_IN_MOUNT_NAMESPACE"):
        return
    attempts = [["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"]]
    for attempt in attempts:
        probe = [*attempt, "mount", "-t", "tmpfs", "-o", "size=64k", "probe", "/mnt"]
        if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
            os.environ["KNHK_IN_MOUNT_NAMESPACE"] = "1"
            os.execvp(attempt[0], [*attempt, sys.executable, *sys.argv])
    print("skipped: this user may not mount a tmpfs, not even in a user namespace")
    sys.exit(SKIPPED)


class Disk(CommandTest):
    def setUp(self):
        super().setUp()
        self.disk = self.place.folder / "disk"
        self.disk.mkdir()
        self.mount("-t", "tmpfs", "-o", f"size={SIZE_KIB}k", "tmpfs", self.disk)
        self.addCleanup(lambda: subprocess.run(["umount", "--lazy", self.disk], check=True))
        self.place.store = self.disk / "store"
        self.place.init()
        self.v1 = self.place.admit("v1")

    @staticmethod
    def mount(*arguments):
        subprocess.run(["mount", *map(str, arguments)], check=True)

    def fill(self, free_bytes):
        """Leaves about that many bytes free."""
        room = os.statvfs(self.disk)
        filler = self.disk / "filler"
        with open(filler, "wb") as file:
            file.write(b"x" * max(0, room.f_bavail * room.f_frsize - free_bytes))
        return filler

    def refuse(self, arguments, error_code):
        before = state_of(self.place.store)
        outcome = self.place.run(*arguments)
        self.assert_refused(outcome, MACHINE, error_code)
        self.assertEqual(state_of(self.place.store), before, "the store is not as it was")

    def test_admit_on_a_full_disk_changes_nothing_wherever_it_stops(self):
        admit = ["admit", CATALOGUE / "v2.ttl", "--shapes", CATALOGUE / "shapes.ttl"]
        for free_kib in (0, 4, 16, 64, 128, 192, 256, 320, 384, 448, 512):
            filler = self.fill(free_kib * 1024)
            with self.subTest(free_kib=free_kib):
                before = state_of(self.place.store)
                outcome = self.place.run(*admit)
                if outcome.code == DONE:
                    return  # room enough; every stop before this was clean
                self.assert_refused(outcome, MACHINE, "disk-full")
                self.assertEqual(state_of(self.place.store), before, "the store is not as it was")
            filler.unlink()
        self.place.must(*admit)

    def test_promote_on_a_full_disk_changes_nothing_wherever_it_stops(self):
        self.refuse_until_there_is_room(["promote", self.v1, "--reason", "x"])

    def test_rollback_on_a_full_disk_changes_nothing_wherever_it_stops(self):
        self.place.must("promote", self.v1, "--reason", "first")
        self.place.must("promote", self.place.admit("v2"), "--reason", "second")
        self.refuse_until_there_is_room(["rollback", "--reason", "x"])

    def refuse_until_there_is_room(self, arguments):
        for free_kib in (0, 4, 8, 12, 16, 20, 24, 28, 32):
            filler = self.fill(free_kib * 1024)
            with self.subTest(free_kib=free_kib):
                before = state_of(self.place.store)
                outcome = self.place.run(*arguments)
                if outcome.code == DONE:
                    self.place.must("status")
                    return
                self.assert_refused(outcome, MACHINE, "disk-full")
                self.assertEqual(state_of(self.place.store), before, "the store is not as it was")
            filler.unlink()
        self.place.must(*arguments)

    def test_reading_needs_no_room(self):
        self.place.must("promote", self.v1, "--reason", "x")
        self.fill(0)
        for arguments in (["status"], ["history"], ["show", self.v1], ["count"]):
            self.place.must(*arguments)

    def test_artifacts_are_not_left_half_written(self):
        out = self.disk / "out"
        self.fill(8 * 1024)
        outcome = self.place.run("artifacts", self.v1, "--out", out)
        self.assert_refused(outcome, MACHINE, "disk-full", "io-error")

    def test_init_on_a_full_disk_leaves_nothing(self):
        self.fill(0)
        other = self.disk / "other"
        outcome = self.place.run("init", "--store", other, "--name", "other")
        self.assert_refused(outcome, MACHINE, "disk-full")
        self.assertFalse(other.exists())
        self.assertFalse((self.place.config / "knhk" / "other.key.pem").exists())

    def test_a_read_only_folder_can_be_read_and_not_written(self):
        self.place.must("promote", self.v1, "--reason", "x")
        self.mount("-o", "remount,ro", self.disk)
        self.refuse(["admit", CATALOGUE / "v2.ttl"], "read-only")
        self.refuse(["promote", self.v1, "--reason", "x"], "read-only")
        self.refuse(["rollback", "--reason", "x"], "read-only")
        outcome = self.place.run("init", "--store", self.disk / "other", "--name", "other")
        self.assert_refused(outcome, MACHINE, "read-only")
        for arguments in (["status"], ["history"], ["show", self.v1], ["artifacts", self.v1],
                          ["count"]):
            self.place.must(*arguments)


if __name__ == "__main__":
    enter_mount_namespace()
    run_main()
