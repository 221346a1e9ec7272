# SPDX-License-Identifier: MIT
cp /bin/true foreign.mmg
mmreport summary foreign.mmg
