"""One library of four invented works, three in English and one in Japanese, for questions on persons, years and the works themselves."""

from __future__ import annotations

import pytest

from askjapan.assistant import Assistant
from askjapan.index.build import build
from askjapan.index.encoders.minilm import minilm
from askjapan.index.encoders.multilingual import multilingual
from askjapan.settings import Settings

HARBOURS = """---
title: Harbour Towns of the Marvik Coast
authors: Ingrid Solheim
year: 2004
themes: harbours
---

# Harbour towns of the Marvik coast

## Introduction

This report asks why small harbours on the Marvik coast kept their trade. It follows Marvik and Tornby from 1920 to 1999.

## People

The population of Marvik was 14,200 in 2001. Most of the people lived by the quay. Ole Brandvold became mayor of Marvik in 1971. He was born
in Tornby in 1926 and had led the fishermen's union for ten years. Under his lead the town built a new pier. The pier cost 4 million crowns.

Astrid Fjell founded the Marvik Museum of Nets. She was its director until 1988. The museum holds 3,000 nets. Visitors come in summer.

The Coastal Board is a public body. It was set up in 1934 to share out harbour money. Its seat is in Tornby.

## Trade

In the 1990s the ferry line to Tornby carried 40,000 passengers a year. Between 1960 and 1975 the herring fleet shrank from 210 boats to 35.
The fish hall was opened in 1907 by the merchant Karl Aune. Karl Aune was a merchant from Bergen. He was also the consul of Denmark.

Table 1. Boats by harbour

| Harbour | 1950 | 1970 | 1990 |
| --- | --- | --- | --- |
| Marvik | 120 | 64 | 18 |
| Tornby | 95 | 71 | 22 |

## Mayors

The mayor of Tornby in 1999 was Liv Haugen. Exports of dried fish from Marvik to Portugal reached 820 tons in 1985.

## Conclusion

The report concludes that harbours with a union kept their trade.

## Sources

Table 2. Sources used

| Author | Work | Year |
| --- | --- | --- |
| Dahl | Fish and men | 1968 |
| Moe | The coast in numbers | 1997 |
"""

SCHOOLS = """---
title: Village Schools and Their Teachers
authors: Paul Renner
year: 2013
themes: schools
---

# Village schools and their teachers

## Introduction

This paper argues that village schools close when teachers leave. It is based on visits to Hollen and Grubach in 2011.

## Schools

The school of Hollen had 62 pupils in 2010. The school of Grubach had 48 pupils in 2010. Teachers in Hollen earned 2,400 euros a month.
Maria Steiner, the head of the Hollen school, opened a kitchen in 2006. She wants more rooms.

The kitchen serves 55 meals a day. Anton Weber led the school of Grubach from 1985 to 1998.

## Conclusion

The paper recommends that villages build flats for teachers.
"""

FISHERIES = """---
title: Japan and the Northern Fisheries
authors: Mark Ellison
year: 2011
themes: fisheries
---

# Japan and the northern fisheries

## Background

Japan signed a fisheries agreement with Norway in 1978. The agreement set quotas for cod. Quotas were raised twice before 1990. The Danish
government opposed the deal.

The 1983 Bergen conference brought together 12 countries. Delegates could not agree on whales. After the conference Prime Minister Sato Ryo
met fishermen in Hakodate.

## The Hakodate office

In 1992 the Japan Fisheries Agency (JFA) opened an office in Hakodate. It had 14 staff and a budget of 80 million yen. The mayor of Hakodate
welcomed it. The mayor of Aomori had wanted the office for his own city.

The United States sent observers from 1994 to 2003. Their number never exceeded 20. American vessels stayed away.

## Catches

By 2000 the catch of cod had fallen to 3,100 tons. Since then it has recovered slowly. In the spring of 2005 South Korea closed its waters
to foreign boats. North Korea sold 250 licences in 2006.

Sales of licences rose after 2006. Taro Mori of the Hakodate Fishing Union called the price robbery. The union has 1,250 members.
"""

MINATO = """---
title: 港町の歩み
authors: 川瀬律子
year: 2009
language: ja
themes: 港
---

# 港町の歩み

## はじめに

本稿は汐見町の港がどのように発展したかを問う。

## 人口

汐見町の人口は1985年に8,400人であった。町民の多くは漁業で暮らした。明治40年に灯台が建てられた。

## 人物

大原健三は汐見町の町長である。彼は1931年に生まれ、漁協の組合長も務めた。在任中に新しい桟橋が造られた。

松浦キヨは汐見図書館を創設した。同氏は1974年まで館長を務めた。図書館の蔵書は2万冊である。

## 交易

1970年代に汐見町と青浜町の間の定期船は年に3万人を運んだ。1955年から1968年にかけて漁船は150隻から60隻に減った。1999年の青浜町長は西田弘であった。

## おわりに

港を残したのは組合であると本稿は結論づける。
"""


@pytest.fixture(scope="session")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    home = tmp_path_factory.mktemp("towns")
    corpus = home / "corpus"
    corpus.mkdir()
    for name, text in (("harbours.md", HARBOURS), ("schools.md", SCHOOLS), ("fisheries.md", FISHERIES), ("minato.md", MINATO)):
        (corpus / name).write_text(text, encoding="utf-8")
    build([corpus], home / "index", minilm(), catalogue=home / "none.toml", multilingual=multilingual())
    return Assistant.open(settings=Settings(home=home, index=home / "index", corpus=[corpus]))
