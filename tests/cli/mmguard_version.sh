# SPDX-License-Identifier: MIT
mmguard --version | sed "s/ .*//"
