"""The words that slip, TV, tablet and panel share, in three languages: one face everywhere.

A native speaker approves the Kazakh before an event; the keys stay.
"""

from typing import Final, NamedTuple

from appliance.contract.models import Language

LANGUAGES: Final[tuple[Language, ...]] = ("kk", "ru", "en")


class Phrase(NamedTuple):
    """One phrase in the three languages; `{name}` marks what is filled in."""

    kk: str
    ru: str
    en: str


WORDS: Final[dict[str, Phrase]] = {
    "ticket": Phrase("талон", "талон", "ticket"),
    "desk": Phrase("үстел", "стол", "desk"),
    "desks": Phrase("үстелдер", "столы", "desks"),
    "your_desk": Phrase("Сіздің үстеліңіз", "Ваш стол", "Your desk"),
    "your_tickets": Phrase("Сіздің талондарыңыз", "Ваши талоны", "Your tickets"),
    "go_to_desk": Phrase("{desk}-үстелге өтіңіз", "пройдите к столу {desk}", "go to desk {desk}"),
    "people_ahead": Phrase("Алдыңызда {n} адам", "Перед вами {n} чел.", "{n} ahead of you"),
    "you_are_next": Phrase("Сіз келесісіз", "Ваша очередь следующая", "You are next"),
    "wait_about": Phrase("Күту шамамен {a}–{b} мин", "Ждать примерно {a}–{b} мин", "about {a}–{b} min"),
    "place_kept": Phrase(
        "Басқа үстелде болсаңыз, кезегіңіз сақталады",
        "Пока вы у другого стола, ваша очередь сохраняется",
        "Your place is kept while you are at another desk",
    ),
    "invited": Phrase("Шақырылды", "Приглашаются", "Now called"),
    "next_in_line": Phrase("Келесі кезекте", "Следующие", "Next in line"),
    "waiting": Phrase("Күтуде", "Ожидают", "Waiting"),
    "doors_open": Phrase("Есік {t} ашылады", "Двери откроются в {t}", "Doors open at {t}"),
    "please_wait": Phrase("Шақыруды күтіңіз", "Ожидайте вызова", "Please wait to be called"),
    "open": Phrase("Ашық", "Открыто", "Open"),
    "closed": Phrase("Жабық", "Закрыто", "Closed"),
    "no_paper": Phrase(
        "Қағаз таусылды. Тіркеу үстеліне барыңыз",
        "Нет бумаги. Подойдите к столу регистрации",
        "No paper. Please go to registration",
    ),
    "no_server": Phrase("Байланыс жоқ, деректер {t} бойынша", "Нет связи, данные на {t}", "No connection, as of {t}"),
    "copy": Phrase("КӨШІРМЕ", "КОПИЯ", "COPY"),
    "rehearsal": Phrase("ЖАТТЫҒУ", "РЕПЕТИЦИЯ", "REHEARSAL"),
    "explained": Phrase("Түсіндірілді", "Разъяснено", "Explained"),
    "accepted": Phrase("Қабылданды", "Принято", "Accepted"),
    "redirected": Phrase("Қайта бағытталды", "Перенаправлено", "Redirected"),
    "next": Phrase("Келесі", "Следующий", "Next"),
    "arrived": Phrase("Келді", "Подошёл", "Arrived"),
    "finish": Phrase("Аяқтау", "Завершить", "Finish"),
    "recall": Phrase("Қайта шақыру", "Повторить вызов", "Call again"),
    "no_show": Phrase("Келмеді", "Не явился", "Absent"),
    "transfer": Phrase("Басқа үстелге", "К другому столу", "Transfer"),
    "hold": Phrase("Кейінге қалдыру", "Отложить", "Hold"),
    "pause": Phrase("Үзіліс", "Перерыв", "Pause"),
}


def say(key: str, language: Language, **values: object) -> str:
    """Return the phrase `key` in `language` with `values` filled in. Raises KeyError for an unknown key."""
    phrase: str = getattr(WORDS[key], language)
    return phrase.format(**values)
