"""Sealed files: a stream encrypted in frames, so that a backup of any size needs little memory and no plain file.

AES-256-GCM per frame, a fresh key per file by HKDF from the database key and a random salt. The nonce is the frame's
number and whether it is the last one, so frames cannot be reordered, dropped or cut off (the STREAM construction,
Hoang, Reyhanitabar, Rogaway & Vizár 2015)."""

from __future__ import annotations

import io
import secrets
import struct
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lib.domain.errors import HouseError, KeyMissing

MAGIC = b"SECURE-BASE SEALED 1\n"
_SALT_BYTES = 32
_FRAME_BYTES = 1 << 20
_HEAD = struct.Struct(">BI")  # is it the last frame, length of the sealed frame


class SealedWriter(io.RawIOBase):
    """Write to it as to a file; `finish` seals the last frame. Without it the file counts as cut off."""

    def __init__(self, file: BinaryIO, database_key: bytes) -> None:
        salt = secrets.token_bytes(_SALT_BYTES)
        self._file, self._cipher, self._number, self._waiting = file, _cipher(database_key, salt), 0, bytearray()
        file.write(MAGIC + salt)

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: object) -> int:
        """Take bytes; whole frames go out at once."""
        taken = bytes(data)  # type: ignore[call-overload]
        self._waiting += taken
        while len(self._waiting) > _FRAME_BYTES:
            self._frame(bytes(self._waiting[:_FRAME_BYTES]), last=False)
            del self._waiting[:_FRAME_BYTES]
        return len(taken)

    def finish(self) -> None:
        """Seal what is left as the last frame."""
        self._frame(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _frame(self, plain: bytes, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last), plain, MAGIC)
        self._file.write(_HEAD.pack(last, len(sealed)) + sealed)
        self._number += 1


class SealedReader(io.RawIOBase):
    """Read from it as from a file. Raises KeyMissing for a wrong key or altered bytes, HouseError when cut off."""

    def __init__(self, file: BinaryIO, database_key: bytes) -> None:
        if file.read(len(MAGIC)) != MAGIC:
            raise HouseError("This file is not a sealed backup.")
        self._file, self._cipher = file, _cipher(database_key, file.read(_SALT_BYTES))
        self._number, self._plain, self._ended = 0, b"", False

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill the buffer from the current frame; 0 only after the last frame was proven."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        while not self._plain and not self._ended:
            self._open_frame()
        taken = self._plain[: len(view)]
        view[: len(taken)] = taken
        self._plain = self._plain[len(taken) :]
        return len(taken)

    def _open_frame(self) -> None:
        head = self._file.read(_HEAD.size)
        if len(head) < _HEAD.size:
            raise HouseError("This backup is cut off: its end is missing.")
        last, length = _HEAD.unpack(head)
        if length > 2 * _FRAME_BYTES:
            raise HouseError("This backup is damaged.")
        try:
            self._plain = self._cipher.decrypt(_nonce(self._number, bool(last)), self._file.read(length), MAGIC)
        except InvalidTag as error:
            raise KeyMissing("This backup was made with another key, or it was altered.") from error
        self._number, self._ended = self._number + 1, bool(last)


def _cipher(database_key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(hashes.SHA256(), 32, salt, b"secure-base sealed file v1").derive(database_key))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
