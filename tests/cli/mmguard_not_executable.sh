# SPDX-License-Identifier: MIT
echo text >file
mmguard ./file
