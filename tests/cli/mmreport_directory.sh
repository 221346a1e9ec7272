# SPDX-License-Identifier: MIT
mkdir folder.mmg
mmreport summary folder.mmg
