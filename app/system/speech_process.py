"""Speaks the lines it is given on standard input; run as a program of its own.

It is one, because with Linux's speech service Qt takes over a second to find its
voices and lets nothing else run in the program meanwhile, and talks on standard error. What
it answers on standard output: ``ready`` or ``none`` once, then ``quiet`` whenever it has
spoken. Its one argument is the language, English if there is none. It imports nothing else of
Beltline, since it is started by its file.
"""

from __future__ import annotations

import sys
from threading import Thread
from typing import TYPE_CHECKING

from PyQt6.QtCore import QCoreApplication, QLocale, QObject, pyqtSignal

if TYPE_CHECKING:
    from PyQt6.QtTextToSpeech import QTextToSpeech

#: It pretends to speak, for tests of Qt itself.
_NO_ENGINE = "mock"
ENGLISH = "en"
STOP = "stop"
SAY = "say "
READY, NONE, QUIET = "ready", "none", "quiet"


class _Listener(QObject):
    """Hands over what comes on standard input, from a thread that may wait for it."""

    line = pyqtSignal(str)
    ended = pyqtSignal()

    def start(self) -> None:
        """Begin to listen."""
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in sys.stdin:
            self.line.emit(line.rstrip("\n"))
        self.ended.emit()


def open_speech(language: str = ENGLISH) -> QTextToSpeech | None:
    """Return a voice that speaks a language; None where the system has none.

    Parameters
    ----------
    language
        ISO 639 code. For English, any voice is better than none.
    """
    try:
        from PyQt6.QtTextToSpeech import QTextToSpeech
    except ImportError:  # a library of the system is missing
        return None
    for engine in QTextToSpeech.availableEngines():
        if engine == _NO_ENGINE:
            continue
        speech = QTextToSpeech(engine)
        if speech.state() is not QTextToSpeech.State.Error and _choose_voice(speech, language):
            return speech
    return None


def _choose_voice(speech: QTextToSpeech, language: str) -> bool:
    """Keep the person's own voice if it speaks the language; tell whether there is any."""
    wanted = QLocale(language).language()
    if speech.locale().language() != wanted or not speech.availableVoices():
        spoken = [locale for locale in speech.availableLocales() if locale.language() == wanted]
        if not spoken and language != ENGLISH:
            return False
        if spoken:
            plain = [found for found in spoken if found == QLocale(wanted)]
            speech.setLocale((plain or spoken)[0])
    return bool(speech.availableVoices())


def main() -> int:
    """Speak until standard input ends."""
    app = QCoreApplication(["beltline-speech"])
    speech = open_speech(*sys.argv[1:2])
    _answer(READY if speech is not None else NONE)
    if speech is None:
        return 0
    _follow(speech)
    listener = _Listener()
    listener.line.connect(lambda line: _obey(speech, line))
    listener.ended.connect(app.quit)
    listener.start()
    return app.exec()


def _follow(speech: QTextToSpeech) -> None:
    from PyQt6.QtTextToSpeech import QTextToSpeech

    def changed(state: QTextToSpeech.State) -> None:
        if state in (QTextToSpeech.State.Ready, QTextToSpeech.State.Error):
            _answer(QUIET)

    speech.stateChanged.connect(changed)


def _obey(speech: QTextToSpeech, line: str) -> None:
    if line.startswith(SAY):
        speech.say(line.removeprefix(SAY))
    elif line == STOP:
        speech.stop()


def _answer(word: str) -> None:
    print(word, flush=True)


if __name__ == "__main__":
    sys.exit(main())
