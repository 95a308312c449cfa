"""`python -m appliance` is `kezek`."""

from appliance.cli import main

if __name__ == "__main__":
    main()
