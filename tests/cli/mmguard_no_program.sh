# SPDX-License-Identifier: MIT
mmguard
