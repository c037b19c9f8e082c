"""The environment: run by the machine's own Python, with nothing but its standard library.

python3 apmsl/embedded/setup.py requirements.txt
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

VENV = Path(".venv")
PYTHON = VENV / "bin" / "python"
PANGO = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz0b", "libharfbuzz-subset0"]
OLDEST = (3, 11)


def main(requirements: str) -> None:
    if sys.version_info < OLDEST:
        sys.exit(f"Il faut Python 3.11 ou plus récent ; {sys.executable} est trop ancien.")
    if not PYTHON.exists():
        make_environment()
    install(requirements)
    if not finds_pango():
        install_system("pour dessiner les PDF", PANGO)
        if not finds_pango():
            sys.exit("Les bibliothèques qui dessinent les PDF ne se chargent toujours pas.")


def make_environment() -> None:
    if run([sys.executable, "-m", "venv", str(VENV)], quiet=True):
        return
    uv = shutil.which("uv")
    if uv and run([uv, "venv", "--clear", "--python", sys.executable, str(VENV)]):
        return
    install_system("pour créer l’environnement", ["python3-venv"])
    if not run([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        sys.exit("L’environnement n’a pas pu être créé : la raison se trouve ci-dessus.")


def install(requirements: str) -> None:
    """Exactly the pinned files, checked by their hashes; uv does it faster where it is found."""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    if uv := shutil.which("uv"):
        command = [uv, "pip", "install", "--quiet", "--python", str(PYTHON)]
    if not run([*command, "--require-hashes", "--requirement", requirements]):
        sys.exit("Les paquets n’ont pas pu être installés : la raison se trouve ci-dessus.")


def finds_pango() -> bool:
    return run([str(PYTHON), "-c", "import weasyprint.text.ffi"], quiet=True)


def install_system(purpose: str, packages: list[str]) -> None:
    command = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *packages]
    if not shutil.which("apt-get"):
        sys.exit(
            f"Il manque des bibliothèques {purpose} : sur Debian, {' '.join(packages)} ; "
            "installez leur équivalent, puis recommencez."
        )
    if os.geteuid() != 0:
        sys.exit(
            f"Il manque des bibliothèques {purpose}. Installez-les, puis recommencez :\n"
            f"  sudo {' '.join(command)}"
        )
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    if not run(command, quiet=True):
        run(["apt-get", "update", "--quiet"], quiet=True)
        if not run(command):
            sys.exit(f"Échec de : {' '.join(command)}")


def run(command: list[str], *, quiet: bool = False) -> bool:
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, stdout=output, stderr=output, check=False).returncode == 0


if __name__ == "__main__":
    main(*sys.argv[1:])
