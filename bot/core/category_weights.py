"""How much words and phrases say for each category, in log odds. Written by `bench/categories.py --write`.

Counted on 347 hand-labelled action items from the public postmortems and operability issues of 62
organisations, and on 2100 examples of our own. Nothing but the counts is kept, and no word that only one of them uses.
A phrase that isn't here says what is usual.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Weights:
    """By category id, by stem and category id, and by category id and phrase."""

    priors: Mapping[str, float]
    words: Mapping[str, Mapping[str, float]]
    phrases: Mapping[tuple[str, str], float]


_PRIORS = {
    "logging": -1.12,
    "failure": -0.84,
    "switches": -1.22,
    "config": -1.07,
    "monitoring": -0.76,
    "other": -0.63,
}

# A stem and, in tenths, what it says for each category in the order of _PRIORS.
_WORDS = """
a -1 0 1 0 -1 0
abandon -6 5 -5 -5 2 2
abiliti -6 -7 12 -5 -5 -5
able -4 -3 9 -5 -3 -2
abort 1 6 2 -5 -5 -5
about 1 -4 -5 -4 3 5
abov -3 0 -2 0 6 -3
absenc -6 -1 1 -5 9 -5
absent -6 10 -5 -5 -5 -5
abus -6 -7 12 -5 -5 -5
accept -6 5 2 2 -5 -5
access 7 -5 -3 -1 -5 2
accidental -6 5 -5 -5 -5 7
account 0 0 2 -3 -2 2
acknowledg -6 1 -5 -5 9 -5
acl 3 -7 -5 9 -5 -5
acme 6 5 -5 -5 -5 -5
acquirer 3 2 -5 -5 -5 4
across 3 -1 -1 1 -1 -1
act -6 -7 1 -5 5 5
action -1 -4 2 -2 0 3
activ 1 -7 -5 1 5 1
activat -6 -7 6 7 -5 -5
activiti 6 -7 -5 -5 6 -5
actual 3 -1 -5 0 0 0
actualli 1 3 -5 3 -2 -5
ad 2 1 3 2 -5 -5
adapter 1 0 -5 -5 1 5
add -2 -3 1 -2 3 2
addition -6 7 -5 -5 4 -5
additional -6 0 -5 -5 8 1
address 3 -2 -3 2 -2 1
adjust -1 -7 -5 11 -5 -5
adjustabl -6 -7 1 10 -5 -5
admin -1 -2 7 -3 -5 1
administrator 6 -7 -5 -5 -5 7
admission -1 6 3 -5 -5 -5
admit -6 10 -5 -5 -5 -5
advanc -6 -7 -5 -5 -5 12
advertiser 2 -7 3 -5 -5 7
advisori 2 8 -5 -5 -5 -5
affect 0 -1 -5 1 1 3
affiniti -6 10 -5 -5 -5 -5
after -1 5 -2 -3 -2 -1
afternoon 3 2 -5 -5 -5 4
afterward 6 5 -5 -5 -5 -5
again -6 3 1 1 1 -2
against -5 1 -5 4 0 2
age -4 -3 -5 -1 6 2
agent 3 1 0 -2 -2 -3
aggregator -6 5 -5 -5 -5 7
agre -6 -4 0 0 -5 8
ahead -6 -1 -5 -2 3 6
airflow 3 2 4 -5 -5 -5
airlin -6 2 -5 4 -5 4
airport 6 -7 -5 -5 6 -5
alarm -6 -7 -4 -4 11 -4
alert -4 -6 -4 -4 10 -3
alertmanager -6 -7 -5 -5 6 7
align -6 -7 -5 12 -5 -5
aliv -6 -7 12 -5 -5 -5
all -2 0 2 1 0 0
allocat -6 2 4 -5 4 -5
allow -4 -3 6 5 -5 -4
alon 1 0 4 -5 2 -5
along 6 -7 -5 0 4 -5
alongsid 11 -7 -5 -5 -5 -5
alreadi 6 -2 3 -5 -1 -5
also -6 -3 7 -5 3 -2
alter -2 -7 -5 10 -5 -1
although 1 0 -5 -5 1 5
alwai -6 -2 3 3 0 0
am -6 -7 12 -5 -5 -5
amend -6 -7 -5 12 -5 -5
among -6 -7 -5 -5 12 -5
amount 3 -7 -5 -5 9 -5
amplificat -6 5 -5 -5 6 -5
an -1 -1 1 0 2 0
analyser -6 -7 1 5 -5 5
analysis -6 -7 -5 2 6 2
analyst 2 -7 3 7 -5 -5
analytic -6 1 7 -5 2 -5
and 1 0 -2 1 1 -1
android 3 -7 1 0 0 0
annotat 6 -7 -5 -5 6 -5
announc 2 -7 -5 2 -5 7
announcement -6 -7 4 4 4 -5
anomali -6 -7 -5 -5 12 -5
anonymous -6 8 -5 2 -5 -5
another -6 6 -1 -1 -5 2
ansibl -6 -7 -5 12 -5 -5
answer -1 6 -2 -5 -1 -4
anti -6 7 -5 4 -5 -5
any -3 -1 -2 -2 5 0
anybodi 3 -1 1 4 -5 -5
anycast -6 4 6 -5 0 -5
anyon 1 -7 -5 1 5 1
anyth -1 -2 3 -5 0 3
anywai -6 10 -5 -5 -5 -5
anywher 6 -7 -5 -5 6 -5
apart -6 -7 -5 -5 6 7
apex -6 5 -5 -5 6 -5
api 0 1 1 -1 0 -1
apn 3 2 -5 4 -5 -5
app -2 -2 2 2 1 -2
appeal 6 -7 7 -5 -5 -5
appear 9 -7 -5 -5 2 -5
append 8 2 -5 -5 -5 -5
appender 9 1 -5 -5 -5 -5
appli 4 0 -3 2 -5 -1
applicat 1 -4 2 2 -3 1
approv -1 -7 0 -5 0 7
approval -6 -7 3 2 -5 7
april 8 -7 4 -5 -5 -5
architectur -6 -2 -5 -5 0 9
archiv 4 -4 -2 -5 0 3
are 1 -4 -2 3 -1 2
area 6 -7 -5 7 -5 -5
aren 3 -7 -5 0 3 3
argument -6 -7 -5 12 -5 -5
arm -6 -7 4 -5 4 4
around 1 0 -1 -5 3 1
arrai -6 2 -5 4 -5 4
arriv -1 1 0 -5 3 0
artefact 2 1 -5 -5 -5 7
artifact 2 1 -5 2 2 -5
as 0 -1 -2 2 1 -1
asid -6 10 -5 -5 -5 -5
ask 1 0 -3 -5 -1 5
asn -6 -7 7 -5 6 -5
assum 3 2 -5 4 -5 -5
async 3 2 4 -5 -5 -5
asynchronous 8 2 -5 -5 -5 -5
at 0 -1 -1 1 1 -2
ate 6 5 -5 -5 -5 -5
attach 8 -7 -5 -5 0 0
attack -6 -7 12 -5 -5 -5
attempt -1 5 3 -5 -5 -1
attribut 8 2 -5 -5 -5 -5
attribution -6 5 -5 -5 -5 7
auction 2 -7 3 2 2 -5
audit 9 -5 -5 0 -5 -2
authenticat -6 0 1 -5 5 1
authorisat -6 8 -5 -5 2 -5
authoritativ 2 8 -5 -5 -5 -5
authoriti -6 5 -5 7 -5 -5
auto -6 1 9 -5 -2 -5
automat -4 -3 2 -3 -3 7
automatic -2 -3 4 2 -3 0
automaticalli -6 4 -2 2 0 0
autoscal -6 1 3 2 -5 2
autoscaler 1 -3 6 -1 -1 -5
availabiliti -2 2 -1 -5 -1 4
availabl 2 5 -5 -5 2 -5
avatar -6 5 7 -5 -5 -5
averag -6 -7 -5 -5 11 -2
awar -6 -7 -5 -5 -5 12
away 4 -1 -2 -2 1 -2
aws -6 -7 -5 1 1 8
az -6 10 -5 -5 -5 -5
b -6 6 1 1 -5 -5
back -1 1 4 1 -4 -3
backbon -6 5 3 -5 2 -5
backend -2 3 1 5 -5 -5
backfill -6 -7 9 -5 -5 4
background -6 3 8 -5 -5 -5
backlog -6 2 4 -5 -5 4
backoff -6 6 -5 5 -5 -5
backport -6 -7 -5 -5 -5 12
backpressur -6 10 -5 -5 -5 -5
backup -4 5 -5 -5 3 0
bad 0 0 5 0 -5 -3
bak -6 -7 -5 12 -5 -5
bake -6 -7 -5 10 -5 2
balanc 1 3 -5 1 1 -5
balancer -2 1 5 1 -5 -2
ban -6 -7 4 4 -5 4
bank 5 -7 -5 1 1 1
banner -6 2 9 -5 -5 -5
barcod -6 5 -5 -5 -5 7
bare 10 -7 -5 0 -5 -5
bas -6 -7 -5 -5 10 2
base -6 2 -5 5 0 -2
basket 1 0 -5 -5 5 1
bastion 11 -7 -5 -5 -5 -5
batch 2 1 1 1 -4 -3
batteri 3 -2 -5 -5 0 5
be -2 -2 5 1 -2 -1
beacon -6 2 -5 -5 9 -5
becaus 3 2 0 -3 0 -3
becom 8 -7 -5 -5 4 -5
bed -6 5 -5 -5 6 -5
been 1 -2 0 -2 4 -2
befor -1 1 -4 4 -2 1
beforehand -6 -7 -5 -5 -5 12
began 8 -7 -5 -5 -5 4
begin -6 0 -5 5 1 1
begun -6 -7 9 -5 -5 4
behind -2 1 5 -5 -2 -1
being 1 1 0 0 1 -3
believ 2 5 -5 2 -5 -5
belong -6 -7 -5 12 -5 -5
below -1 4 -5 -5 5 -5
benefit -6 5 7 -5 -5 -5
besid -6 -7 -5 -5 6 7
best 3 2 4 -5 -5 -5
better -3 -7 -5 2 6 0
between -3 1 -1 4 -1 -1
beyond 1 6 -5 -5 1 -5
bgp 0 1 -5 5 0 -5
bid -6 1 3 2 2 -5
bidder 3 2 1 -5 -5 0
big -1 -2 8 -5 -5 -1
bill 1 -2 -5 -5 1 5
binari -6 -7 1 9 -5 -2
bind 7 0 -5 1 -5 -5
bit 5 -7 -1 -1 -1 2
black -6 -7 -5 -5 4 9
blackbox -6 -7 -5 -5 12 -5
blam 6 -7 7 -5 -5 -5
blank 6 1 -5 -5 2 -5
blast -6 10 -5 -5 -5 -5
blip -6 10 -5 -5 -5 -5
blob 6 5 -5 -5 -5 -5
block -1 4 -1 -1 -3 0
blocklist -6 -7 -5 12 -5 -5
blue -6 -7 -5 -5 -5 12
board -6 3 -5 -5 8 -5
body 11 -7 -5 -5 -5 -5
book 0 2 1 -2 0 -2
boot 1 2 1 3 -5 -5
bootstrap -6 5 -5 7 -5 -5
bot 3 -2 6 0 -5 -5
both 3 1 -1 3 -5 -3
bounc -6 10 -5 -5 -5 -5
bound -6 10 -5 -5 -2 -5
box -6 2 -5 4 4 -5
boxe 6 1 -5 -5 -5 2
brak -6 2 9 -5 -5 -5
branch -1 -7 -5 2 -5 8
break -4 -1 4 -3 2 0
breaker -3 4 1 -2 0 -2
bridg 8 -1 1 -5 -5 -5
bring -2 1 -1 3 -2 0
brok 7 -7 -5 -5 1 1
broken -6 -4 8 -5 2 -2
broker -6 3 -2 3 -2 1
brown -6 -7 12 -5 -5 -5
bucket -2 6 -1 2 -5 -5
budget -6 3 0 -5 3 0
buffer 9 -2 -5 -2 -3 -5
bug 0 -1 1 -5 -5 6
build -1 -1 1 0 -1 2
builder 9 -7 3 -5 -5 -5
building -6 1 -5 3 3 0
built -6 5 -5 -5 -5 7
bulk 1 0 6 -5 -5 -1
bulkhead -6 10 -5 -5 -5 -5
bump -6 -7 -5 -5 -5 12
bundl -1 -4 -2 8 -5 0
bureau -6 5 -5 -5 6 -5
buri 9 -7 -5 -5 2 -5
burn -6 -7 -5 0 10 -5
burnt -6 5 -5 7 -5 -5
burst -6 10 -5 -5 -5 -5
bus -6 2 4 -5 -5 4
business -6 -7 -5 -5 6 7
but 2 -4 4 -2 -1 -2
button -3 -7 11 -5 -5 -5
buy -6 -7 -5 -5 -5 12
by -1 -1 2 -1 2 0
bypass -6 -7 12 -5 -5 -5
byte -1 1 -5 0 5 -5
c -2 -3 -5 1 3 3
ca 2 1 -5 2 2 -5
cabl -6 -7 4 -5 -5 9
cach -1 5 -1 -2 -1 -3
calculator -6 0 8 -5 -5 1
calendar -6 -7 0 6 -5 5
call -1 -1 2 -4 1 1
callback -6 10 -5 -5 -5 -5
caller 3 2 -1 -5 2 -5
came -1 3 -5 -1 2 -1
campaign 2 -7 10 -5 -5 -5
campus -6 5 1 0 0 -5
can 0 -1 4 0 -2 -2
canari -6 -7 -5 6 4 2
cancel -6 7 4 -5 -5 -5
cancell -6 5 7 -5 -5 -5
candidat 6 -7 -5 7 -5 -5
cannot -6 10 -5 -5 -5 -5
cap 1 7 -5 -1 -5 -5
capabiliti -6 5 7 -5 -5 -5
capaciti -6 2 1 -5 -5 7
capacitor -6 5 -5 -5 -5 7
captain -6 -7 -5 -5 12 -5
captur 6 -2 -1 -5 2 -5
card -2 -1 -1 -3 1 5
cardinaliti -6 -7 -5 -5 12 -5
carri 5 -2 -2 -3 -1 1
carrier -6 3 -1 3 -2 -2
cart 2 5 3 -5 -5 -5
cascad -6 2 -5 -5 -5 9
case -6 5 3 -2 -2 -2
cassandra -6 10 -5 -5 -5 -5
catalogu -1 1 -5 -5 -5 7
catch 6 -4 -5 0 -2 0
caught 11 -7 -5 -5 -5 -5
caus 4 -3 -1 -2 -1 2
cdn 0 -1 1 1 -1 -1
ceil -6 9 -5 0 -5 -5
celebriti -6 10 -5 -5 -5 -5
cell -6 7 -5 4 -5 -5
center -6 2 4 -5 -5 4
cento -6 -7 -5 -5 -5 12
centr -6 -3 1 5 -2 3
central 8 -7 -5 4 -5 -5
centralli 11 -7 -5 -5 -5 -5
certain -6 -7 -5 -5 12 -5
certificat -2 -5 -1 2 3 1
cgroup -6 7 -5 4 -5 -5
chain 2 1 3 -5 2 -5
chang -1 -6 -3 6 -2 2
changeabl -6 -7 -5 12 -5 -5
channel -6 -7 1 -2 9 -2
chao -6 -7 -5 -5 -5 12
character 8 2 -5 -5 -5 -5
charg -6 1 7 -5 -5 2
chart -6 -4 -2 2 8 -5
chat -3 0 6 -5 0 0
chatter 11 -7 -5 -5 -5 -5
chatti 6 5 -5 -5 -5 -5
check -4 -1 0 4 1 -2
checklist -6 -7 -5 -5 1 10
checkout 0 1 1 -3 -1 1
checkpoint -6 5 -5 2 -5 2
checksum 6 -1 -5 4 -5 -5
choic -6 -7 12 -5 -5 -5
chok 6 5 -5 -5 -5 -5
choos -6 -7 9 4 -5 -5
chos -6 -7 -5 7 -5 7
chunk -6 10 -5 -5 -5 -5
ci -6 -2 -1 -1 -3 8
cic 11 -7 -5 -5 -5 -5
cipher 6 -7 -5 7 -5 -5
circuit -3 5 1 -3 -1 -3
citizen 6 -7 -5 -5 -5 7
city 2 -7 3 2 2 -5
claim -6 2 -5 -5 4 4
clarifi -6 -7 -5 -5 -5 12
class 2 -7 -5 5 2 -1
clean -1 3 -5 -1 -5 5
cleanli -6 10 -5 -5 -5 -5
clear 2 -2 3 -5 -1 2
clerk 6 -7 -5 -5 -5 7
cli 2 1 7 -5 -5 -5
click -6 0 4 2 -5 2
client -2 3 0 0 -1 -2
clock 3 2 -5 -2 0 -2
clon -6 1 -5 -5 2 7
clos 5 0 1 -5 -5 1
closabl -6 -7 12 -5 -5 -5
cloud -3 2 -1 -3 2 1
cloudwatch 8 -7 -5 -5 4 -5
cluster -2 -1 -1 0 0 3
coalesc -6 10 -5 -5 -5 -5
cobol 1 -7 -5 8 -5 1
cod -6 -7 -5 12 -5 -5
code 0 -3 0 2 -4 3
cohort -6 -7 12 -5 -5 -5
cold -6 7 -1 -5 -1 -1
colleagu -6 -7 -5 12 -5 -5
collect 4 -7 -1 -1 5 -5
collector 7 0 -2 0 -3 -5
com 3 -7 -5 -5 4 4
come -6 -2 3 2 5 -5
comma -6 -7 -5 12 -5 -5
command -4 -7 8 0 -5 3
commander -6 -7 3 -5 -5 10
commit -1 1 -2 3 -1 -1
common -6 -7 -5 7 -5 7
communicat -6 -7 -5 -5 -5 12
communiti 3 -7 -5 4 4 -5
compar -6 -3 -1 6 4 -3
comparison -6 -7 -5 12 -5 -5
compil -3 -4 -5 10 -5 -2
compiler -6 -7 -5 7 -5 7
complaint 3 2 -5 4 -5 -5
complet -6 -2 3 2 -1 2
completion 6 -7 7 -5 -5 -5
component 5 0 -5 -5 1 1
composit -6 -7 -5 -5 -5 12
compress 10 0 -5 -5 -5 -5
compromis -6 5 -5 -5 -5 7
comput -6 5 -5 -5 6 -5
concurrenci -6 1 -5 10 -5 -5
concurrent -6 7 -5 -2 1 -2
condition 6 -7 -5 -5 6 -5
conf -6 -7 -5 12 -5 -5
config -6 -4 0 8 -1 -4
configmap -6 -7 -5 12 -5 -5
configur 0 2 1 -5 4 -5
configurabl -6 -7 -5 12 -5 -5
configurat -4 -7 -5 10 -4 0
confirm -6 -1 -5 9 -5 0
confirmat -6 2 -5 4 4 -5
conflict 6 -7 -5 7 -5 -5
connect -1 6 -3 1 -3 -4
conntrack 6 -7 -5 -5 6 -5
consecutiv -6 1 3 -5 -5 7
consensus -6 -7 -5 -5 6 7
consent -6 2 -5 4 -5 4
consider 2 1 -5 2 2 -5
consistenci -6 5 -5 7 -5 -5
consistent 6 5 -5 -5 -5 -5
consol 2 -5 4 1 -2 -3
consolidat -6 -7 7 7 -5 -5
constant -6 -7 -5 12 -5 -5
constraint 3 7 -5 -5 -5 -5
consul -6 -7 4 9 -5 -5
consum 3 7 -5 -5 -5 -5
consumer 1 3 0 -2 -1 -4
contact 3 -7 1 -5 -5 7
contain -6 5 3 -5 -5 2
container 4 -4 0 0 3 -5
content -6 1 3 -5 2 2
context 6 -7 -5 -1 3 -2
continu -6 6 1 -5 -5 1
continuous -6 -7 -5 -5 6 7
contract -1 -7 -5 -5 -5 11
contractor -6 -7 -5 -5 -5 12
control -2 1 7 -5 -3 -3
controll -6 2 9 -5 -5 -5
controller -4 1 2 0 -2 1
conversat -6 5 -5 7 -5 -5
conversion 6 -7 -5 -5 6 -5
convert 11 -7 -5 -5 -5 -5
conveyor 6 -7 -5 -5 6 -5
cooki -6 8 -5 2 -5 -5
cool -6 5 -5 -5 6 -5
copi -6 -7 -5 10 1 -5
copy 1 5 -5 0 -5 0
copybook -6 -7 -5 12 -5 -5
cordon 2 1 3 -5 -5 2
core 2 1 -2 -2 -5 3
coredn -6 5 -5 2 -5 2
correct -2 -7 -5 1 -2 8
correctness -6 5 -5 7 -5 -5
correlat 9 -7 -5 -5 3 -5
corrupt -6 10 -5 -5 -5 -5
corruption -6 5 -5 -5 -5 7
cost 1 3 -1 -1 -2 -2
could 5 -4 4 -4 -3 -2
couldn 2 -7 7 2 -5 -5
count -2 -4 -2 4 5 -3
counter 3 -1 -5 -5 6 -5
countri -6 -3 4 4 2 -5
courier -6 5 -5 2 -5 2
cours 6 -7 7 -5 -5 -5
cover 1 -7 -5 -5 1 8
cpu -2 1 -5 -5 7 -3
crash 5 2 -1 -3 -2 -5
crat 6 -7 -5 -5 -5 7
crawler -6 5 -5 -5 -5 7
creat -4 -1 0 -5 2 5
credential -6 1 -5 0 -5 7
credit -1 -2 -5 -5 0 7
critical 0 -1 1 2 -5 2
cron 3 -3 2 -5 3 -3
crontab -6 -7 7 7 -5 -5
cross -6 1 3 3 -5 0
csv 11 -7 -5 -5 -5 -5
currenci 6 -7 -5 2 -5 2
current 3 -7 0 0 3 0
currentli 3 0 -5 2 2 -5
customer -2 1 -1 -2 1 1
cut 1 -2 -1 2 0 0
cutover -6 -7 9 -5 -5 4
cve -6 -7 -5 -5 -5 12
cycl -6 -7 -5 7 -5 7
d -6 5 -5 -5 2 2
daemon 3 1 0 2 -3 -5
daili 6 -7 -5 0 4 -5
dar -6 -7 7 -5 -5 7
dark -6 -7 12 -5 -5 -5
dashboard -4 -1 -1 -5 7 0
data -2 0 -1 4 0 -1
databas -3 2 0 -1 -2 2
datadog 3 -7 -5 -5 9 -5
dataset 3 2 -5 4 -5 -5
date -3 -2 -5 3 1 3
day 1 -1 -2 -2 1 3
db -6 5 -1 -5 2 -1
dba -6 -7 -5 -5 6 7
de 6 -7 -5 7 -5 -5
dead -4 6 -3 -5 3 -2
deadlin -1 9 -5 -5 -5 -5
deadlock -6 -7 -5 -5 -5 12
debit -6 2 4 -5 -5 4
debug 10 -5 -5 -3 -4 -3
decid -6 -7 8 -5 -5 5
decision 10 -7 -5 -5 -5 0
declar -6 -7 -5 10 -5 1
declin 11 -7 -5 -5 -5 -5
decod 3 2 4 -5 -5 -5
decommission -6 0 -5 -5 -5 10
decoupl -6 -7 12 -5 -5 -5
dedicat 6 -7 -5 -5 -5 7
dedup 6 5 -5 -5 -5 -5
deduplicat 3 2 -5 -5 4 -5
deep -6 5 -5 -5 -5 7
default -3 -2 1 8 -4 -5
defin -6 -7 -5 7 6 -5
definition -6 -7 -5 12 -5 -5
degrad -6 -7 9 -5 0 0
degradat -6 2 -5 -5 4 4
delai -6 8 -5 -5 3 -5
delet 0 1 2 -5 0 1
deletion 1 5 -5 1 -5 -2
deliver 2 -7 3 2 2 -5
deliveri -1 3 -3 -3 2 -1
demot 6 5 -5 -5 -5 -5
deny -6 5 -5 -5 -5 7
department 3 -7 -5 -5 4 4
depend -6 4 0 -5 3 0
dependenci -6 4 1 -5 -5 5
deploi -3 -6 2 -3 -2 7
deployment -4 -5 -2 1 -2 7
depot -6 1 3 7 -5 -5
deprecat 6 -7 -5 -5 -5 7
depth -6 0 -5 -5 10 -5
deriv -6 -7 -5 7 6 -5
describ 1 -7 -5 -5 -5 10
descriptor -6 5 -5 -5 6 -5
design 6 -7 -5 -5 -5 7
desk -6 -7 1 -5 0 9
destroi -6 10 -5 -5 -5 -5
destructiv -6 5 -5 -5 -5 7
detach 6 5 -5 -5 -5 -5
detail -6 -7 -5 -5 6 7
detect -6 -2 -5 3 8 -5
detector -6 -7 -5 -5 9 4
determin 6 -7 -5 -5 -5 7
dev 9 -2 -5 -5 -5 0
developer -6 -7 -5 -5 -5 12
devic 3 -1 -5 2 2 -5
dhcp 2 5 -5 2 -5 -5
diagnostic 11 -7 -5 -5 -5 -5
diagram -6 -7 -5 -5 -5 12
dial -6 -7 10 -5 2 -5
did 2 -3 1 -5 3 1
didn -6 -7 -5 0 5 5
die -6 10 -5 -5 -5 -5
diff 2 -2 -5 7 -5 -1
differ -6 -7 -5 12 -5 -5
differenc -6 -7 -5 10 -1 -1
different -3 2 -5 2 -2 2
difficult 11 -7 -5 -5 -5 -5
digest 2 -7 3 -5 -5 7
direct -6 -1 1 -5 -5 9
directori 5 0 -5 1 -5 1
dirti 6 -7 -5 -5 6 -5
disabl -6 -7 12 -4 -5 -5
disaster -6 -7 -5 12 -5 -5
disband -6 -7 -5 -5 12 -5
discard 10 -3 -1 -5 -5 -5
disconnect -6 10 -5 -5 -5 -5
discoveri -6 5 7 -5 -5 -5
disk 3 2 -5 -2 2 -3
dispatch 1 0 1 1 -5 1
dispatcher 8 -7 4 -5 -5 -5
displai -6 -1 -5 0 6 0
disput 11 -7 -5 -5 -5 -5
disruption -6 5 -5 7 -5 -5
distinct -6 10 -5 -5 -5 -5
distinguish 9 -7 -5 -5 2 -5
distribut -6 1 -5 2 6 -5
distribution -6 -7 -5 4 9 -5
diverg -6 -7 -5 12 -5 -5
divers -6 10 -5 -5 -5 -5
dmesg 11 -7 -5 -5 -5 -5
dns -2 1 -3 2 -1 1
dnssec 3 -7 4 -5 4 -5
do -6 4 -1 0 -3 2
doc -6 -7 -5 4 -5 9
docker -6 3 1 5 -5 -5
dockerfil -6 -7 -5 7 -5 7
document -1 -5 2 -2 -5 7
documentat -1 -7 -5 -5 -5 11
doe 3 1 -1 -3 -3 1
doesn -4 4 0 -1 0 -2
doing 1 -7 1 -5 1 5
domain -3 3 -5 2 3 -3
don -1 3 -1 1 -3 0
door -6 -7 12 -5 -5 -5
doubl 0 5 -5 -5 -5 4
down -2 2 2 -1 1 -3
downgrad 10 -7 -5 -5 1 -5
download -6 4 3 -5 0 0
downstream 3 -7 -5 -5 4 4
downtim -1 -2 -1 -1 -1 5
drain -6 5 5 -5 -1 -5
draw -6 -7 -5 -5 -5 12
drift -6 -7 -5 10 1 -5
drill -6 -7 3 -5 -5 10
driver -1 2 0 -2 -2 2
drop 2 0 0 -2 1 -2
drown 11 -7 -5 -5 -5 -5
drug 6 -7 -5 7 -5 -5
dry -6 -7 1 10 -5 -5
dublin -6 5 7 -5 -5 -5
due -6 0 5 -5 -5 5
dump 11 -7 -5 -5 -5 -5
dun 6 -7 7 -5 -5 -5
dupe -6 -7 7 -5 6 -5
duplicat 3 -2 -5 0 0 3
durabli -6 10 -5 -5 -5 -5
durat -6 -7 -5 -5 9 4
during 1 -4 6 -4 -2 1
duty -6 -7 9 -5 2 -2
e 1 -7 1 -5 6 -1
each 0 -1 -3 1 0 1
earlier -6 -7 -5 2 6 2
easier -6 -7 7 -5 -5 7
east -6 5 -5 7 -5 -5
edge 1 0 -1 0 1 -2
edit 2 -7 1 8 -5 -5
editabl -6 -7 -5 12 -5 -5
effect -6 -7 10 -5 -5 1
effectiv 7 -7 0 3 -5 -5
egress -6 5 -5 -5 6 -5
eight -6 5 -5 2 2 -5
either -6 -7 7 7 -5 -5
elasticsearch 8 -7 -5 -5 -5 4
elb -6 5 -5 -5 6 -5
elect 0 5 -5 -5 4 -5
elevat -6 -7 -5 -5 12 -5
eleven 4 -2 -5 -1 -1 2
eliminat 6 5 -5 -5 -5 -5
else 5 0 -5 -1 -5 2
elsewher -6 2 -5 -5 9 -5
email -6 2 -5 -5 6 0
embed 6 -7 -5 7 -5 -5
emergenci -6 -7 9 -5 -5 4
emit 8 -7 -5 -5 2 -1
empti 2 0 -5 5 -2 -4
enabl 2 1 4 -5 -5 -1
encod 3 7 -5 -5 -5 -5
encoder 0 -1 4 -5 0 0
encryption -6 5 7 -5 -5 -5
end -1 -1 0 -2 0 3
endpoint -4 1 0 2 0 -1
energi -6 -7 -5 7 6 -5
enforc -6 -3 1 7 -5 1
engin -4 0 3 0 -3 2
engineer -2 -7 6 -1 -5 4
english -6 5 -5 -5 -5 7
enhanc -6 -7 -5 0 9 0
enough -2 3 5 -5 -5 -2
enrolment 3 -1 1 -5 0 0
ensur -2 -3 0 3 -3 4
enter -6 10 -5 -5 -5 -5
entir -6 2 4 -5 4 -5
entireli -6 -7 7 -5 6 -5
entitlement 2 1 3 2 -5 -5
entri 8 -4 -2 0 -5 -2
enum -6 7 -5 -5 -5 4
environment -6 -7 -3 10 -5 0
envoi 5 -2 -5 6 -5 -5
erlang 7 0 -5 -5 1 -5
err 11 -7 -5 -5 -5 -5
error 5 -2 -5 -3 3 -2
escalat -6 -7 -5 -5 2 10
essential -6 -7 12 -5 -5 -5
establish 1 0 -5 1 -5 5
estimat -6 10 -5 -5 -5 -5
etcd 2 4 -5 -2 0 -2
etl 8 -7 -5 -5 -5 4
eu -6 -7 -5 10 1 -5
euro -6 -7 -5 9 -5 4
evaluat -2 -3 -1 3 5 -5
even 4 -7 1 5 -5 -2
event 4 1 1 -4 -2 -2
ever -6 4 -5 3 -5 3
everi 3 -1 -2 -1 0 0
everybodi -6 6 -5 0 3 -5
everyon -2 -7 -1 4 -1 4
everyth 5 -3 -1 -1 1 -3
everywher 6 -7 -5 7 -5 -5
evict 2 8 -5 -5 -5 -5
eviction -6 10 -5 -5 -5 -5
evidenc 11 -7 -5 -5 -5 -5
exactli -1 4 -5 0 -5 3
exam -1 -2 0 0 3 0
exampl -6 -7 12 -5 -5 -5
exce -6 7 -5 -5 5 -5
except 11 -7 -5 -5 -5 -5
exception 9 -5 -3 -5 -2 -5
exchang 1 2 -5 -1 2 -1
exclud 3 -7 4 -5 4 -5
exclusiv -6 -7 -5 -5 -5 12
execution -6 7 4 -5 -5 -5
executor -6 10 -5 -5 -5 -5
exerciz -6 -7 -5 -5 4 9
exhaust 0 9 -5 -5 -5 -5
exhaustion 2 -7 -5 -5 6 2
exist -3 -2 5 2 0 -3
exit 3 4 -5 -1 -1 -5
expand -6 7 -5 4 -5 -5
expect 4 -7 -5 2 -1 2
expensiv -6 -7 12 -5 -5 -5
experiment -6 -7 8 0 -5 3
experimental -6 -7 12 -5 -5 -5
expir 2 3 -2 -5 -2 1
expiri -6 1 -5 -5 9 -5
explain 5 -7 -5 -5 -5 8
explanat -6 -7 -5 -5 -5 12
explicitli -1 -2 -5 5 -1 2
exponential -6 10 -5 -5 -5 -5
export -6 0 -5 -5 9 -1
exporter 6 -7 -5 -5 6 -5
expos -6 -7 1 2 6 -2
expression -6 1 -5 7 2 -5
extend 5 -3 -5 -5 2 2
extension -6 2 4 -5 -5 4
external -6 0 -5 -5 10 -5
externaliz -6 -7 -5 12 -5 -5
extra -6 5 -5 -5 -5 7
eye -6 -7 -5 7 -5 7
facet -6 -7 12 -5 -5 -5
factor -6 -2 3 8 -5 -5
fail 3 2 -3 -2 0 -2
failover -4 5 -2 -1 -4 2
failur 4 1 -5 -4 3 -3
faithfulli -6 5 -5 -5 6 -5
fall -3 2 1 -3 4 -5
fallback -6 1 5 -2 1 -2
fals -6 1 -5 10 -5 -5
fan -1 4 -5 -5 5 -5
far 6 -7 -5 -5 6 -5
fare 0 2 1 -5 0 0
farm -6 2 -5 -5 9 -5
fast -6 1 7 2 -5 -5
faster -6 -7 4 0 4 0
fastli -6 -7 9 4 -5 -5
fatal 7 0 -5 -5 1 -5
fatigu -6 -7 -5 -5 6 7
fault 1 0 1 -5 1 1
faulti 6 -7 -5 -5 -5 7
featur -3 -3 7 2 -3 -3
federat -6 -7 7 -5 6 -5
fee -6 -7 -5 12 -5 -5
feed 0 3 -3 -3 3 -5
fell -6 10 -5 -5 -5 -5
fenc -6 9 -1 -5 -5 -5
fetch -6 4 1 3 -2 -5
few 3 -7 -5 4 4 -5
fewer -6 -7 -5 -5 12 -5
fi -6 5 7 -5 -5 -5
fibr -6 3 -5 -5 1 5
field 5 0 -1 2 -5 -5
fifteen -6 -7 -5 4 4 4
fifth 3 -7 -5 4 4 -5
fight -6 -7 9 4 -5 -5
figur -6 -7 -5 1 8 1
file 1 1 -3 5 -3 -4
fill 8 1 -5 -5 -3 -5
filter 3 -7 -5 8 0 -5
final -6 -7 -5 -5 6 7
finalli -6 10 -5 -5 -5 -5
financ -1 -7 3 3 3 -5
find -6 1 -5 1 -2 6
fine -6 -7 -5 2 9 -5
fingerprint 6 -7 7 -5 -5 -5
finish 5 -7 1 -5 1 1
fir 2 1 -5 -5 2 2
fire 2 -2 -1 -1 5 -5
firewall 3 0 -1 2 -5 -1
firmwar -1 0 -2 0 -5 6
first -1 -1 0 1 1 -1
fit -6 2 -5 4 -5 4
five -3 2 -5 -4 4 2
fix -5 0 -4 0 -1 6
fixe -6 -7 12 -5 -5 -5
flag -5 -6 8 0 -2 -1
flap -6 -2 3 -5 7 -5
flat -6 -7 -5 -5 12 -5
fleet -2 -1 1 5 -1 -3
flight -6 5 3 2 -5 -5
flip -6 -7 11 -5 -2 -2
flood -6 5 -5 -5 6 -5
floor -6 2 -5 9 -5 -5
flow -6 0 -5 1 5 1
fluent 10 -7 -5 -5 1 -5
flux -6 5 7 -5 -5 -5
follow 0 -7 -2 -2 7 -2
for -2 0 1 0 2 1
forbid -6 -7 -5 7 -5 7
forc -6 -1 9 0 -5 -5
forecast -6 -7 -5 -5 9 4
forever -6 10 -5 -5 -5 -5
forgotten -6 -7 -5 -5 -5 12
fork -6 -7 7 -5 -5 7
form -6 1 3 -5 2 2
format 6 -7 3 2 -5 -5
former -6 0 -5 8 1 -5
forti -6 3 1 5 -5 -5
forward 7 -3 -1 -5 -1 -1
found 7 0 -5 -5 -5 1
four -1 1 -5 2 -4 4
fpm 11 -7 -5 -5 -5 -5
frankfurt -6 5 3 -5 -5 2
fraud 1 0 2 2 -1 -5
free 0 1 3 -5 3 -5
freez -6 -7 9 -5 -5 4
freshness -6 -7 -5 -5 12 -5
fridai -6 -7 -5 0 -5 11
friend -6 10 -5 -5 -5 -5
from 1 0 -1 1 0 -1
front -1 7 -1 -5 -5 -1
frontend 6 -7 -5 -5 6 -5
fsync 3 1 -5 0 3 -5
full 3 2 -1 -4 -1 0
function -6 6 -5 1 1 -5
further 6 -7 7 -5 -5 -5
futur 1 0 -5 -1 -5 6
fuzz -6 -7 -5 -5 -5 12
g 2 -7 3 -5 2 2
game 0 1 -1 -3 -3 4
garbag 3 -2 3 0 0 -5
gate -6 -7 11 0 -5 -5
gatewai 2 2 -1 -5 3 -5
gaug -6 -7 -5 -5 12 -5
gb 4 2 -5 -2 -5 2
gc 3 -1 -5 0 4 -5
general -6 2 -5 -5 -5 9
generat -4 -3 0 8 -3 -2
generator -6 1 3 2 -5 2
geo -6 3 -5 5 -5 1
get 0 0 3 -2 0 -1
gift -6 -7 7 -5 -5 7
git -1 1 -1 7 -5 -5
gitali 6 -7 -5 -5 6 -5
github -6 1 -5 -5 -5 10
give 0 4 3 -2 -5 -3
given 0 2 4 0 -5 -5
glass -6 -7 12 -5 -5 -5
global -3 -4 3 6 -3 -3
globalli -6 -7 10 1 -5 -5
go 0 -1 0 4 -1 -4
goe -1 -4 1 1 3 -1
going 3 -7 0 -5 3 3
gone 1 6 -1 -5 -1 -5
good -6 7 -5 -1 -1 -1
googl -6 -7 9 -5 -5 4
got 3 4 0 -5 -5 0
gpu 2 5 -5 -5 2 -5
grac -6 10 -5 -5 -5 -5
graceful -6 10 -5 -5 -5 -5
gracefulli -6 10 -5 -5 -5 -5
grad 8 -7 -5 -5 4 -5
gradual -6 -7 -5 12 -5 -5
grafana -6 0 -5 1 8 -5
grant -1 1 0 0 0 0
graph -6 0 -2 -5 9 -5
graphql -6 2 9 -5 -5 -5
greater -6 10 -5 -5 -5 -5
green -2 -7 -5 -5 4 7
grep 11 -7 -5 -5 -5 -5
grew -6 10 -5 -5 -5 -5
group -2 0 -1 3 0 0
grow -6 8 -5 -5 1 -5
grown -6 -7 -5 -5 -5 12
growth -6 -7 -5 -5 10 0
grpc -6 8 3 -5 -5 -5
guarante -6 5 -5 -5 -5 7
guard -6 7 5 -5 -5 -5
guid -6 -7 -5 -5 -5 12
guidanc -6 -7 -5 -5 -5 12
h 1 -3 -1 -5 8 -5
had 2 -2 2 0 1 -3
hadn -6 -7 -5 -5 12 -5
half 0 3 -5 1 -1 -1
hall 6 -7 -5 -5 -5 7
halt -6 -7 11 -5 -5 1
hammer -6 7 1 0 -5 -5
hand -4 -3 6 2 -5 1
handbook -6 -7 -5 -5 -5 12
handl -6 5 -3 -1 -2 3
handler 6 2 1 -5 -5 -5
handover -6 -7 -5 -5 -5 12
handshak 9 -7 -5 -5 2 -5
hang -6 8 -5 -5 -5 2
happen 2 1 -1 -1 0 -1
haproxi 2 5 -5 2 -5 -5
hard 1 0 -5 7 -5 -5
harder 3 -7 -5 -5 -5 9
hardwar -6 -7 3 -5 -5 10
has -5 0 -1 0 4 0
hash 5 2 -5 1 -5 -2
hasn -6 1 -5 -5 6 2
hav 0 -1 1 0 4 -5
have 1 -2 0 0 2 0
head -6 5 7 -5 -5 -5
header 8 2 -5 -5 -5 -5
headroom -6 -7 -5 -5 -5 12
health 1 2 0 -2 2 -5
healthcheck -6 -7 -5 -5 12 -5
healthi -6 -7 4 0 6 -5
heap -6 4 -5 8 -5 -5
heartbeat -1 1 -5 -5 8 -5
heat -6 -7 -5 -5 12 -5
heavi -6 5 -5 -5 6 -5
hedg -6 10 -5 -5 -5 -5
held -6 2 -5 -5 -5 9
helm 0 -1 1 7 -5 -5
help 3 -7 -5 -5 -5 9
henc -6 3 -5 5 -5 1
herd -6 10 -5 -5 -5 -5
here -6 -7 -5 -5 -5 12
hid 3 -7 -5 -5 9 -5
hidden -6 -7 7 7 -5 -5
hide 1 -7 10 -5 -5 -5
high -6 -2 -1 -5 9 -5
hint 11 -7 -5 -5 -5 -5
hire -6 -7 -5 -5 -5 12
histori 3 -7 -5 4 -5 4
hit 2 -1 -3 0 4 -5
hl7 6 -7 -5 -5 6 -5
hlr -6 -7 7 7 -5 -5
hold -3 2 6 -3 -5 -1
holder 6 -7 -5 -5 -5 7
holidai -6 -7 -5 1 1 8
home -6 5 1 -5 0 0
homepag -6 -7 12 -5 -5 -5
honour -6 3 8 -5 -5 -5
hook 7 1 -5 -5 0 -5
hop 0 -1 -5 -5 9 -5
hospital -6 -7 -5 7 -5 7
host 0 -1 -1 2 -1 2
hostnam 0 -7 4 7 -5 -5
hot -2 5 -5 3 -5 -2
hotel 2 1 -5 -5 -5 7
hotfix -6 -7 7 -5 -5 7
hour -1 0 -3 -2 3 1
hourli -2 0 -1 -1 6 -5
hous -6 5 7 -5 -5 -5
how -2 -3 -4 -4 0 7
hsm 5 0 -5 1 -5 1
http 0 3 3 -5 1 -5
hub -3 6 -5 -5 -3 3
human -6 -7 5 -5 8 -5
hundr -6 -7 -5 -5 12 -5
hung -6 7 4 -5 -5 -5
hunt 6 -7 7 -5 -5 -5
hurt -6 -7 7 -5 6 -5
hypervisor 5 0 1 -5 -5 1
i -6 -7 7 -5 0 4
iam -6 -7 -5 2 -5 10
id 8 -2 -5 -4 -4 -1
idea -6 2 -5 4 -5 4
ideal -6 5 -5 7 -5 -5
idempotenci 6 5 -5 -5 -5 -5
idempotent -6 10 -5 -5 -5 -5
identical 1 3 -5 5 -5 -5
identifi 5 -7 -5 0 0 3
identiti 3 2 1 -5 -2 -2
idle 1 6 -5 1 -5 -5
idp 3 2 4 -5 -5 -5
if -4 3 -2 -1 2 -1
ignor 2 -4 1 3 1 -5
imag -1 -1 0 3 -3 1
immediateli -6 -7 8 -5 1 1
immutabl 6 5 -5 -5 -5 -5
impact -6 2 4 -5 4 -5
implement -6 0 3 0 4 -3
implementat -6 7 4 -5 -5 -5
import -1 6 0 0 -5 -5
importer 6 5 -5 -5 -5 -5
impos -6 10 -5 -5 -5 -5
impression 3 2 -5 -5 4 -5
improv -1 1 -3 -3 4 0
in 0 0 -1 1 -1 1
inbox -6 1 -5 -5 9 -5
incident -3 -7 1 -4 -2 8
includ 3 -6 -5 -3 2 4
incom -6 10 -5 -5 -5 -5
increas -6 0 -5 5 -5 5
incremental -6 -7 -5 7 -5 7
independent -6 3 1 -5 5 -5
independentli -6 2 9 -5 -5 -5
index 2 0 0 -5 -2 3
indexer 5 3 -5 1 -5 -5
indicat -6 -7 -5 -5 12 -5
individual -6 -7 12 -5 -5 -5
inferenc -6 5 7 -5 -5 -5
info 10 -7 -5 -1 -5 -5
inform 6 -7 -5 -5 6 -5
informat 6 -7 7 -5 -5 -5
infrastructur -6 3 -2 -5 -2 6
ingest 5 -4 0 -5 0 1
ingestion 6 -7 3 -5 -5 2
ingress 0 5 -5 0 -5 0
ini -6 -7 -5 12 -5 -5
inject -6 -7 -5 7 -5 7
inod 3 2 -5 -5 4 -5
input 6 1 -5 2 -5 -5
ins 1 -7 1 -5 6 -2
insert 6 5 -5 -5 -5 -5
insid 2 1 -5 -5 6 -5
install 2 -7 7 -5 2 -5
installer 5 0 -5 5 -5 -5
instalment -6 -7 -5 -5 -5 12
instanc -3 4 -5 2 -3 2
instant -6 -7 7 -5 6 -5
instantli -6 -7 12 -5 -5 -5
instead 1 1 -3 2 -1 -1
instrument 2 -7 -5 -5 9 -5
integer -6 -7 -5 -5 -5 12
integrat -2 -7 -5 -1 -1 9
interest 2 1 -5 2 2 -5
interfac -6 6 -5 1 -5 1
internal 3 -4 -5 2 2 -2
interval -6 5 -5 7 -5 -5
into -1 -3 -2 6 -2 -1
introduc 0 0 2 -3 0 1
invalid 5 2 -5 2 -5 -5
inventori 0 -1 1 3 -2 -2
investigat 6 -7 -2 -5 0 2
invoic -6 3 -1 -5 2 2
io 2 -7 3 -5 6 -5
iop -6 10 -5 -5 -5 -5
ios 3 -2 -5 3 0 0
ip -1 0 -5 7 -5 -2
ipv4 -6 -7 -5 -5 6 7
ipv6 -6 -7 -5 0 9 0
is 0 1 0 1 -1 -1
isn 0 1 -2 -2 5 -5
isolat -6 10 -5 -5 -5 -5
issu -3 -1 -3 -1 3 3
issuer 2 1 -5 2 2 -5
it 2 0 1 0 -1 -1
item -1 1 -5 -5 3 3
its 0 2 1 1 -2 -3
itself -2 -1 2 0 3 -3
ivr -6 -7 7 -5 6 -5
jar -6 -7 -5 12 -5 -5
jenkin 3 2 -5 -5 -5 4
jitter -1 9 -5 -5 -5 -5
job 1 3 1 -4 0 -3
join 8 -7 -5 -5 -5 4
journal 9 0 -5 -5 -5 -5
journald 11 -7 -5 -5 -5 -5
json 5 -3 -2 5 -5 -5
jump 2 5 -5 -5 2 -5
june -6 2 -5 -5 -5 9
just 7 -4 -5 -5 2 -2
jvm 1 0 -1 5 -2 -5
kafka 0 3 -5 -1 0 1
kb 11 -7 -5 -5 -5 -5
keep 4 0 1 -1 -4 -3
keepaliv -6 7 -5 4 -5 -5
kept -3 3 7 -5 -3 -5
kernel 1 0 -5 2 -1 2
key -1 2 -3 2 -3 2
keyspac -6 5 -5 -5 6 -5
kick -6 7 -5 -5 -5 4
kill -2 1 6 -4 -3 -2
killer -6 5 -5 -5 6 -5
kind -6 -7 -5 -5 12 -5
knew -6 -7 -5 2 2 7
knob -6 -7 9 4 -5 -5
know -1 -2 -5 -5 -1 8
knowledg -6 -7 -5 -5 -5 12
known -6 5 4 -5 -5 0
kubectl 6 -7 -5 -5 6 -5
kubelet 6 1 -5 2 -5 -5
kubernet 0 2 -5 4 0 -5
lab -6 -7 5 5 -5 1
label 3 -2 0 -5 3 0
lack 2 -7 -5 2 -5 7
ladder -6 -7 -5 12 -5 -5
lag -3 -2 -5 -5 9 -2
land -6 4 0 6 -5 -5
languag -6 -7 -5 -5 -5 12
laps -6 -7 -5 -5 12 -5
laptop 3 -7 -5 -5 -5 9
larg -6 3 -5 -5 1 5
larger -6 2 -5 -5 -5 9
last -1 1 -3 -1 0 2
late -6 5 7 -5 -5 -5
latenci -6 -4 -5 -5 10 -2
later -6 0 8 1 -5 -5
latest 2 1 -5 2 -5 2
launch -6 0 5 0 -3 1
launcher 6 -7 -5 7 -5 -5
layer -2 3 5 -5 -2 -5
lazy -6 -7 12 -5 -5 -5
ldap -6 7 -5 -5 -5 4
lead 1 -7 4 -5 2 2
leader 0 4 -2 -5 4 -5
leaderboard -6 5 -5 -5 -5 7
leak -6 3 -2 -5 -3 7
leap -6 -7 -5 -5 -5 12
learn 5 -3 -5 -5 6 -5
learnt -6 -7 -5 -5 12 -5
leas -3 8 -5 -5 -2 -2
least 5 -3 -5 -1 -2 2
leav 5 -2 4 -1 -5 -4
led -6 -7 4 4 4 -5
ledger -2 0 4 -5 1 1
leed -6 -7 4 -5 4 4
left 4 -3 -3 -2 1 2
legaci -6 -1 4 -5 -5 7
length -6 7 -5 -5 4 -5
less 3 2 -5 -5 4 -5
let -5 2 4 1 -2 -3
letter 1 8 -5 -5 -5 -5
level 5 -3 -1 0 0 -3
lever -6 -7 12 -5 -5 -5
librari 0 -4 -5 4 -5 5
licenc -1 3 -5 -1 5 -5
licens -6 5 -5 7 -5 -5
life -6 2 -5 4 -5 4
lifecycl -6 7 -5 4 -5 -5
lift 6 -7 -5 7 -5 -5
light -6 -7 7 7 -5 -5
like -6 -5 1 1 2 4
limit -2 5 -4 3 -3 -4
line 8 -4 -3 -2 -4 -2
link -6 2 -1 -5 2 4
lint -6 -7 -5 7 -5 7
list -1 -1 -2 6 -4 -1
listener 0 2 4 0 -5 -5
literal -6 -7 -5 12 -5 -5
liv -6 1 6 0 -5 0
live -4 -3 2 7 -3 -4
liveness -6 9 -5 -5 0 -5
load -5 1 0 4 -4 0
loader 6 5 -5 -5 -5 -5
lobbi 3 -7 -5 9 -5 -5
local 3 4 0 -2 -5 -5
localhost -6 -7 -5 12 -5 -5
localli -6 2 -5 9 -5 -5
lock -1 4 -1 -2 -4 0
log 9 -6 -4 -3 -2 -3
logger 11 -7 -5 -5 -5 -5
logic -6 -7 4 -5 -5 9
logical -6 10 -5 -5 -5 -5
login 0 1 1 -5 -2 3
logrotat 11 -7 -5 -5 -5 -5
loki 11 -7 -5 -5 -5 -5
london -6 5 -5 7 -5 -5
long -2 4 0 -3 -3 1
longer 1 3 -5 1 0 -3
look -2 -1 1 -2 6 -5
lookup -6 10 -5 -5 -5 -5
loop -3 5 0 -5 1 -1
los -6 6 2 -1 -5 -1
lose 2 1 -5 2 2 -5
loss -3 2 -2 -5 6 -3
lost 2 3 -3 0 -2 -2
lot 8 2 -5 -5 -5 -5
loudli 11 -7 -5 -5 -5 -5
low 1 3 -5 -5 5 -5
lower -6 0 -1 -1 7 -5
loyalti -6 7 -5 -5 -5 4
m -6 -7 12 -5 -5 -5
machin 2 -4 1 1 1 -1
made 6 -3 -5 4 -5 -3
mail 0 2 1 -5 2 -2
mailbox -6 -1 -5 -5 10 -5
main -1 5 -1 -5 -5 2
mainfram 6 -7 -5 -1 -1 2
maintain -6 -7 -5 7 -5 7
maintainer -1 -2 -5 -5 -1 8
maintenanc -6 -7 6 -3 -3 5
major 3 -7 -5 -5 -5 9
majoriti -6 5 -5 -5 6 -5
mak 3 -7 -5 9 -5 -5
make -1 1 0 3 -3 0
malform 2 8 -5 -5 -5 -5
malwar -6 -7 7 -5 6 -5
man -6 -1 -5 -5 10 -5
manag -6 -7 5 1 -5 5
management -6 -3 2 4 -1 2
manager -6 -2 4 -5 1 5
mandatori -6 -7 -5 8 -5 5
manifest 0 2 -5 7 -5 -5
manual -6 -4 9 -5 -5 1
manualli -6 -7 10 -5 -5 1
many 0 3 -5 -5 4 -2
map -3 -1 -1 3 3 -3
march 6 -7 -5 -5 2 2
mark 3 5 -5 -5 -5 0
marker -6 -7 4 -5 9 -5
market -6 -7 3 -5 2 7
mask 11 -7 -5 -5 -5 -5
master -6 -7 -5 4 -5 9
match 3 -3 -1 3 0 -2
matchmak 0 -1 1 4 0 -5
matchmaker 6 -7 -5 -5 -5 7
matter 8 -7 -5 -5 4 -5
max -6 3 -5 8 -5 -5
maximum 3 2 -5 -5 4 -5
may -4 3 0 -4 0 2
mayb -6 -7 -5 -5 -5 12
mb 5 6 -5 -5 -5 -5
mean -3 -5 4 0 2 -1
meant -2 -3 1 7 -5 -2
measur -1 -7 -5 -5 9 0
mechanism 2 -7 7 -5 2 -5
media 3 -7 -5 -5 4 4
member -6 6 -5 -5 -5 6
memcach -6 10 -5 -5 -5 -5
memori -2 4 -5 -5 3 0
mend -6 5 -5 -5 -5 7
mention 3 -7 -5 -5 4 4
menu -6 -7 7 7 -5 -5
merchant 4 -2 3 -1 -1 -5
mereli 1 -7 8 -5 1 -5
merg -3 -7 -2 4 -2 5
messag 5 0 -3 -4 0 -2
metadata 1 0 -1 -1 -5 4
metal 6 -7 -5 7 -5 -5
method -6 -7 12 -5 -5 -5
metric -6 -5 -5 -5 11 -5
mfa -6 -7 -5 -5 -5 12
mid -6 -7 12 -5 -5 -5
migrat -1 0 -1 -5 -2 6
million 1 0 -2 -5 1 3
millisecond 11 -7 -5 -5 -5 -5
min 3 7 -5 -5 -5 -5
minimiz -6 2 4 -5 -5 4
minimum 2 1 -5 7 -5 -5
minut -2 0 -2 -3 6 -3
mirror 1 2 -1 -3 -2 1
misbehav -6 -7 12 -5 -5 -5
mismatch 1 -7 -5 -5 8 1
miss 2 2 -4 1 0 -3
mistak -6 -7 -5 9 -5 4
mitigat -6 -7 9 -5 -5 4
ml -6 -7 12 -5 -5 -5
mobil -2 0 4 1 -2 -2
mode -2 -6 9 -1 -5 -3
model -1 -1 1 1 -1 2
moderat 8 -7 -5 -5 4 -5
moderator 6 -7 7 -5 -5 -5
modifi -6 10 -5 -5 -5 -5
modul -3 -4 4 -5 -5 7
moment -6 7 -5 -5 -5 4
mondai -6 -7 -5 -5 -5 12
monitor -6 -6 -5 -5 11 -4
monolith -6 -7 -5 -5 -5 12
monolithic -6 5 -5 -5 -5 7
monotonic -6 10 -5 -5 -5 -5
month 3 -7 0 0 -1 3
more -4 1 -4 0 0 4
morn 0 -7 -5 0 0 7
most -6 6 -5 1 1 -5
mount -6 1 -5 2 2 2
mov -6 0 -5 7 -2 1
move 0 0 -4 4 -3 1
ms 2 4 -5 1 -2 -5
multi 6 5 -5 -5 -5 -5
multipl -6 5 -5 -5 -5 7
multiplier 6 5 -5 -5 -5 -5
must -2 5 1 -1 -4 -2
mutat -6 -7 12 -5 -5 -5
mute 5 -7 -5 -5 8 -5
mysql 3 2 -5 -5 -5 4
n 1 0 -5 -5 -5 8
nam -6 -7 -5 7 -5 7
name 5 -3 -4 1 -4 0
namespac -6 2 4 4 -5 -5
nat -6 7 -5 -5 4 -5
nativ 6 -7 -5 7 -5 -5
necessari 6 -7 -5 7 -5 -5
need -3 -3 5 1 0 -1
negativ -6 1 0 3 0 0
negligibl 6 -7 -5 -5 6 -5
neighbour -6 -7 12 -5 -5 -5
neither 6 5 -5 -5 -5 -5
net -6 2 -5 9 -5 -5
netconsol 11 -7 -5 -5 -5 -5
network -1 -2 -1 0 3 0
never -2 3 0 2 -2 -2
new -3 -3 6 1 -5 2
newcomer -6 -7 7 -5 -5 7
newer -6 5 -5 -5 -5 7
newest -6 0 -5 -5 8 1
next 2 -1 -1 0 -1 0
nginx 5 -7 -5 8 -5 -5
night 1 -2 0 0 0 1
nightli 3 0 -3 1 2 -5
nine 0 1 -2 1 1 -2
nineti 5 3 -5 -5 -5 1
no 2 0 0 -1 1 -2
nobodi 2 -4 0 0 3 -2
noc -6 -7 5 -5 8 -5
node -1 2 -3 -2 2 1
noisi 2 1 3 -5 2 -5
noiz 9 -7 -5 -5 2 -5
non 3 -7 3 -5 5 -5
none -2 -7 -1 4 6 -5
noon -6 -7 7 -5 -5 7
norm 6 -7 -5 -5 6 -5
normal 6 -7 -5 -5 2 2
not 1 1 -2 0 0 0
note 9 -7 -5 -5 -5 3
notebook -6 7 -5 4 -5 -5
noth 5 -4 1 -1 -2 -2
notic 0 -7 -5 -5 10 -5
notifi -3 -7 -5 -5 11 -5
notificat -3 -2 1 -3 6 -3
now 2 -7 -5 7 -2 -2
nowher 3 -7 -5 4 4 -5
npm 6 5 -5 -5 -5 -5
ntp -6 5 -5 2 2 -5
null 8 -1 -2 -5 -5 -2
nullpointerexception 3 7 -5 -5 -5 -5
number 3 -1 -5 0 1 0
nxdomain 6 5 -5 -5 -5 -5
oauth 1 0 -5 5 1 -5
object 4 6 -5 -5 -5 -2
observ 6 -7 -5 -5 6 -5
observabiliti -6 2 -5 -5 9 -5
occupi -6 10 -5 -5 -5 -5
occur -6 -7 -5 -5 6 7
of -1 0 -2 1 1 0
off -2 -3 7 -1 -4 -1
offer -1 -7 9 -5 -5 0
offic -1 -2 3 -5 -1 5
offlin -6 7 -5 -5 -5 4
offset 7 -3 -1 -5 2 -5
often 3 -7 -5 -5 -5 9
ok 8 -7 -5 -5 4 -5
old 0 -1 3 0 -3 0
older -6 0 -1 -1 4 2
oldest -6 -1 -5 -5 9 0
on 0 1 -1 -2 1 0
onboard -6 -7 7 -5 -5 7
once -2 3 1 0 -3 -1
one -2 1 1 1 0 -1
onlin 2 1 -5 -5 2 2
only 2 -2 3 -2 0 -3
oom 1 3 -5 -5 5 -5
opa 6 5 -5 -5 -5 -5
open -2 3 0 -4 1 -1
openssl -6 -7 -5 -5 -5 12
opentelemetri -6 -7 -5 7 6 -5
operat -2 0 5 -5 -5 3
operational -6 -7 3 2 -5 7
operator 2 -3 9 -5 -5 -5
oppos -6 5 -5 -5 -5 7
ops -6 -7 10 -1 -5 -1
opt -6 -7 12 -5 -5 -5
optical -6 -7 -5 -5 12 -5
optimiser -6 2 9 -5 -5 -5
option -6 -7 8 2 -1 -1
optional -6 7 4 -5 -5 -5
or 1 -3 2 2 -2 0
ora 11 -7 -5 -5 -5 -5
oracl 3 2 -5 -5 0 0
orchestrator 5 0 5 -5 -5 -5
order 0 2 0 -5 -1 3
org 3 2 -5 -5 4 -5
organizat -6 2 4 -5 -5 4
origin -3 5 -2 -2 2 -5
original 8 -7 4 -5 -5 -5
orphan -6 8 -5 -5 -5 2
os 6 5 -5 -5 -5 -5
ota 3 -7 4 -5 4 -5
other -3 2 -1 2 -2 0
otherwiz -6 5 -5 0 4 -5
ought 3 -7 4 1 -2 -2
our 0 -2 -2 -1 3 1
ourselv -6 -7 -5 12 -5 -5
out 0 0 2 0 -2 0
outag 1 -1 2 -3 -2 1
outbound -6 2 4 -5 4 -5
outcom 7 -7 -5 1 1 -5
outgo -6 2 9 -5 -5 -5
outlier -6 2 -5 -5 9 -5
output 11 -7 -3 -4 -5 -5
outsid 0 -7 -1 -5 6 2
over -3 3 0 -3 2 -1
overflow 6 -7 -5 -5 -5 7
overload -1 4 3 -5 -5 0
overrid -3 -7 10 0 -5 -5
oversiz -6 10 -5 -5 -5 -5
oversold -6 10 -5 -5 -5 -5
overview -6 -7 -5 -5 12 -5
overwrit -6 -7 -5 12 -5 -5
overwritten 6 -7 -5 -5 6 -5
own -4 2 0 -1 0 1
owner -6 -7 -1 -5 6 6
ownership -6 -7 -5 -5 2 10
p95 -6 10 -5 -5 -5 -5
p99 -6 -7 -5 -5 12 -5
pac 3 -7 -5 -5 4 4
packag -1 -1 0 -1 0 3
packet 3 -7 -5 -5 9 -5
pag -2 -7 -5 -5 9 2
page -4 -1 0 -5 7 -1
pager -6 -7 -5 -5 12 -5
pagerduti -6 -7 -5 -5 12 -5
paid 3 7 -5 -5 -5 -5
pair -6 6 -5 2 -5 2
panel -6 1 7 -5 2 -5
panic 7 -2 3 -5 -5 -5
paper -6 -7 -5 -5 6 7
parallel -6 10 -5 -5 -5 -5
parameter -2 -7 -3 10 -5 -5
parcel -6 5 7 -5 -5 -5
park -6 10 -5 -5 -5 -5
pars 4 -7 -5 8 -5 -5
parser -2 5 -5 -5 -5 5
part -6 -7 -5 1 3 7
parti -2 -3 5 -5 3 1
partial -6 2 4 -5 -5 4
particular -6 -7 -5 -5 -5 12
partition 4 3 -5 -2 -3 0
partner -6 0 0 2 -2 3
pass 6 1 -2 0 -5 -5
passiv -6 -7 -5 7 -5 7
password 2 3 -5 -5 -1 2
past -1 1 -5 -5 -1 7
patch -6 -7 3 -5 -5 10
path -3 1 3 -2 -4 2
patient 3 -7 9 -5 -5 -5
pattern 2 1 3 -5 2 -5
paus -6 -2 9 -5 -1 -3
pay -6 8 -5 -5 -5 2
payload 6 5 -5 -5 -5 -5
payment 0 1 -1 -3 0 2
payout -1 1 0 3 -5 0
pdf -6 7 4 -5 -5 -5
pdu -6 5 -5 -5 6 -5
peak -6 -7 1 -5 -5 10
peer 7 -2 0 -5 -5 0
pending -1 -2 -5 -5 7 0
peopl -6 -3 -1 -1 0 7
per 0 -1 2 0 2 -5
percent -6 5 -5 -5 6 -5
percentag -6 -7 3 10 -5 -5
percentil -6 -7 -5 -5 12 -5
perform 1 0 -5 -5 -5 8
period -6 3 1 -5 1 1
permission -1 -2 -5 0 -5 7
persist 9 -7 3 -5 -5 -5
persistent 6 -7 7 -5 -5 -5
person 1 -5 1 -3 -3 6
pg 3 2 -5 -5 -5 4
pgbouncer 6 5 -5 -5 -5 -5
pharmaci 6 5 -5 -5 -5 -5
phas -6 5 -5 7 -5 -5
phon -2 -3 -5 1 5 1
photo 6 5 -5 -5 -5 -5
php 5 -3 -5 1 -5 3
pick 0 1 -5 5 -2 -2
pil -6 10 -5 -5 -5 -5
pin -6 0 4 -3 -5 5
ping -6 -7 -5 2 6 2
pipelin 0 -3 1 0 -4 3
plac -3 2 -3 5 -5 1
plain -6 0 1 -5 1 5
plan 0 -1 -2 -1 -1 4
planner -6 -7 7 -5 0 4
platform -1 1 -1 -3 2 1
play -6 2 9 -5 -5 -5
playback 8 -7 -5 4 -5 -5
playbook -6 -7 7 -5 -5 7
player 0 2 1 -5 1 -1
playlist -6 5 -5 7 -5 -5
plc 3 2 -5 -5 4 -5
pleas 6 -3 1 -5 1 -5
plenti 11 -7 -5 -5 -5 -5
plug -6 0 5 1 -5 1
plus -6 6 0 0 -5 0
pod 1 3 -4 0 2 -4
poddisruptionbudget -6 10 -5 -5 -5 -5
point 0 4 -3 -1 0 -3
poison -6 10 -5 -5 -5 -5
polici -6 -5 -3 8 -3 1
poll -6 6 1 -5 1 -5
pool -2 5 -4 0 0 -4
pooler -6 5 -5 -5 -5 7
pop -3 -4 3 3 0 0
popular -6 5 -5 -5 6 -5
port -6 -1 -5 -5 6 4
portal 2 -4 4 -5 -2 2
position -6 1 10 -5 -5 -5
possibl -6 0 7 -1 -5 1
post 7 4 -5 -5 -5 -5
postcod 3 7 -5 -5 -5 -5
postgr -2 7 -5 -2 1 -5
postgresql -6 5 -5 7 -5 -5
postmortem -6 -7 -5 -5 -5 12
potential 6 -7 -5 -5 -5 7
potentialli -6 7 -5 4 -5 -5
power -6 7 -5 -5 1 -2
pre -6 0 -5 4 -5 6
preced -6 5 -5 7 -5 -5
prefetch -6 1 10 -5 -5 -5
prefix -3 2 -2 5 0 -5
presenc 1 6 -5 1 -5 -5
present 0 -3 -2 5 -5 3
presentli 6 -7 -5 7 -5 -5
preserv 10 0 -5 -5 -5 -5
press 3 -7 7 -5 -5 0
prevent -4 5 -3 0 -5 2
preview -6 -7 3 10 -5 -5
previous 3 -3 1 3 -2 -5
pric 2 -1 3 -1 -5 1
primari -3 3 -1 0 -2 1
print 11 -7 -5 -5 -5 -2
printer 8 -7 4 -5 -5 -5
prior -2 -7 -5 7 -5 5
prioriti -6 4 -5 -5 6 -1
privileg -6 -7 -5 -5 -5 12
prob -4 3 -2 -5 6 -5
probabli -6 2 -5 4 -5 4
problem 5 -3 -5 2 -1 -1
problematic -6 -7 10 -5 2 -5
procedur -6 -3 4 -5 -5 8
process -2 2 -3 0 -2 3
processor -6 -7 4 4 4 -5
prod -6 -1 -5 7 -5 4
produc 0 2 -5 -5 4 0
producer 1 3 1 -5 1 -5
product -1 1 3 -5 0 0
production -1 -3 -3 4 -4 4
profil 0 -1 -5 4 0 0
progress 1 0 1 -5 5 -5
progressiv -6 -7 -5 7 -5 7
project 6 -7 -5 0 -5 4
prometheus -6 -3 -5 -1 10 -5
promiz 6 -1 -5 -5 0 0
promo -6 -7 12 -5 -5 -5
promot -6 7 -5 -1 -1 -1
promotion -6 -1 7 4 -5 -5
prompt -6 2 -5 -5 -5 9
proof -6 10 -5 -5 -5 -5
propagat 2 -1 -5 6 -2 -5
proper -6 -7 4 -5 -5 9
properti -6 -7 -5 12 -5 -5
protect -6 8 -2 -2 -5 -2
protobuf 6 -7 7 -5 -5 -5
protocol 6 -7 -5 -5 -5 7
provid -6 -2 10 -5 -3 -3
provider -2 3 -4 -1 0 2
provision -1 -2 -5 3 -5 5
proxi -3 5 -1 -1 -4 0
prs -6 -7 7 -5 -5 7
psp -6 0 1 1 5 -5
public -6 4 -1 -1 4 -5
publicat -6 -7 9 4 -5 -5
publish -4 -2 0 1 0 3
pull -3 1 1 0 -3 3
puppet -6 -7 -5 12 -5 -5
purchas -6 -7 -5 -5 12 -5
purg 10 -7 -5 -5 0 -5
push -3 -3 -1 6 0 -1
put -1 -1 4 0 -2 -2
python 2 -7 -5 -5 -5 10
qa -6 -7 -5 -5 -5 12
qos -6 5 -5 7 -5 -5
qualiti -6 5 -5 7 -5 -5
quarantin -6 10 -5 -5 -5 -5
quarter 1 -7 1 -1 -2 5
quarterli -6 -7 -5 -5 -5 12
queri 1 0 0 -3 -1 1
queu -4 6 -3 -4 2 -4
quick -6 -3 8 -1 -1 -1
quicker -6 -7 -5 -5 6 7
quickli -6 0 1 -5 8 -5
quiet -6 -7 -5 7 6 -5
quieten 11 -7 -5 -5 -5 -5
quorum 3 7 -5 -5 -5 -5
quota 3 1 -3 0 2 -5
rabbitmq -6 -7 -5 -5 9 4
race -6 1 -5 -5 -5 10
rack -3 4 -2 -2 -3 3
radius 2 5 -1 -1 -5 -5
rail 3 2 -5 -5 -5 4
rais -6 0 1 1 5 -5
raiz 4 -3 -3 -5 6 -3
ram 2 1 -5 2 -5 2
ran 3 1 -5 2 -2 -1
rang -6 -1 1 9 -5 -5
rank 5 0 5 -5 -5 -5
ranker -6 -7 9 4 -5 -5
rate -2 1 -5 1 4 -4
ratelimitburst 11 -7 -5 -5 -5 -5
rather 1 4 -3 -2 0 -4
ratio -6 -7 -5 -5 12 -5
raw 3 -7 -5 -5 4 4
rc 6 -7 -5 7 -5 -5
rds -6 10 -5 -5 -5 -5
re -1 1 3 -2 0 -3
reach 2 1 2 -3 -3 0
reachabiliti -6 -7 -5 -5 12 -5
reachabl -1 1 8 -5 -5 -5
react 6 -7 -5 -5 6 -5
read -1 2 1 2 -3 -2
readiness -6 7 -5 -5 0 0
real 5 -5 -5 -3 4 0
realiti -6 -7 -5 7 6 -5
realli 1 -7 1 5 1 -5
realm 2 -7 3 -5 2 2
reap 6 5 -5 -5 -5 -5
reason 9 -4 -5 -5 0 -3
rebalanc 3 2 4 -5 -5 -5
reboot 5 -7 6 -1 -5 -5
rebuild -6 1 3 5 -5 -1
recalculat 6 -7 -5 -5 -5 7
receipt -6 6 0 -5 3 -5
receiv -6 -7 -5 5 8 -5
recentli 3 2 4 -5 -5 -5
reclaim -6 5 -5 -5 -5 7
recommend -6 -7 -5 -5 6 7
recommendat 3 -2 8 -5 -5 -5
reconcil -1 -7 0 6 -5 3
reconciliat 1 -7 5 1 1 -5
reconnect -6 10 -5 -5 -5 -5
reconstruct 11 -7 -5 -5 -5 -5
record 7 -3 -4 0 -1 -3
recoveri -6 -1 -5 3 -2 6
recursiv 6 5 -5 -5 -5 -5
recycl 6 5 -5 -5 -5 -5
red -6 -7 8 -5 -1 2
redeliver -6 10 -5 -5 -5 -5
redeploi -6 -7 10 2 -5 -5
redfish -6 -7 -5 7 6 -5
redirect 2 -2 -5 2 -1 2
redis -3 5 -5 -2 0 1
reduc 7 0 -5 -1 -5 -1
redundanci -6 5 -5 -5 -5 7
ref 6 -7 -5 -5 -5 7
refactor -6 -7 -5 4 -5 9
referenc -6 4 -5 6 -5 -1
reflector 8 2 -5 -5 -5 -5
refresh -6 3 1 -5 1 1
refund 2 -7 -5 -5 2 7
refus -1 3 1 2 -4 -5
refusal -6 -7 4 4 4 -5
region -1 -1 0 3 1 -3
register -6 5 7 -5 -5 -5
registrar -6 -7 -5 -5 10 1
registrat -6 -7 10 -5 2 -5
registri 0 5 -1 -3 -2 -1
regression -6 -7 -5 -5 0 11
regular -6 10 -5 -5 -5 -5
regularli -6 -7 7 -5 -5 7
regulator 11 -7 -5 -5 -5 -5
rehears -6 -7 -5 -5 -5 12
reindex 3 2 4 -5 -5 -5
reject 4 0 -5 3 -3 -4
relai 1 2 -1 -1 2 -5
relat 1 -7 1 -5 -5 8
releas -2 -6 3 0 -2 4
reload -6 -7 -5 12 -5 -5
reloadabl -6 -7 -5 12 -5 -5
remain -3 -1 -1 -3 1 5
remediat -6 -7 12 -5 -5 -5
remot -2 -7 7 3 -5 -2
remoteli -6 -7 10 -5 1 -5
remov 1 2 -1 -2 -4 2
removal 6 5 -5 -5 -5 -5
renam 0 5 1 -5 0 -5
render -2 4 -1 4 -5 -5
renderer 3 2 4 -5 -5 -5
renegotiat -6 -7 -5 -5 -5 12
renewal -1 -2 -5 -5 5 3
repair -6 1 8 -5 -5 -1
repeat 11 -7 -5 -5 -5 -5
replac 2 -4 -5 2 -2 4
replai 1 0 1 -5 1 1
repli -6 5 -5 -5 -5 7
replica -1 6 -5 -3 2 -3
replicat -4 3 -1 1 2 -3
report 5 -3 -4 -1 2 -1
repositori -3 4 0 0 -2 -2
reproduc -6 -7 -5 -5 -5 12
reproducibl -6 -7 -5 -5 -5 12
request 3 3 -5 -5 1 -2
requir -6 -7 2 2 -2 6
reserv -6 10 -5 -5 -5 -5
reset 4 4 -5 -5 -2 -2
resolution -6 5 -5 -5 2 2
resolv 3 -3 -5 2 -1 2
resolver 1 2 -1 0 0 -5
resourc -6 5 1 -5 0 0
respect -6 -7 12 -5 -5 -5
respond -6 1 -5 -5 2 7
responder -6 -7 4 -5 4 4
respons 1 0 -5 -5 1 5
rest 1 4 -5 -1 -5 2
restart -2 3 -4 4 -3 -3
restor -3 0 -1 -3 -1 5
restrict -6 10 -5 -5 -5 -5
result -1 0 -2 3 1 -3
resum -6 -1 9 -5 -5 0
resumabl -6 10 -5 -5 -5 -5
retain 3 2 4 -5 -5 -5
retention 10 -7 1 -5 -5 -5
retir -6 -7 -1 -1 -1 9
retri -2 5 -3 0 0 -4
return 2 5 -3 0 -5 -3
reus -6 -7 7 -5 -5 7
revert -2 -7 4 3 -2 1
review -2 -7 -1 2 -2 7
revision -6 -7 4 4 -5 4
revok -6 -7 7 -5 -5 7
rewrit -6 -7 -5 -5 -5 12
rewritten -6 -7 12 -5 -5 -5
rf -6 -7 -5 -5 -5 12
rfc -6 10 -5 -5 -5 -5
rid 6 -7 7 -5 -5 -5
ride 2 5 -5 2 -5 -5
right 1 -7 -1 1 1 3
ring 5 -3 -5 1 3 -5
rize -6 -7 -5 2 6 2
rm -6 -7 -5 -5 -5 12
robot -6 1 3 2 2 -5
robust -6 3 -5 1 1 1
role -6 5 -5 -5 -5 7
roll -3 -4 1 7 -5 1
rollback -6 -7 -5 3 -5 9
rollout -6 -7 3 3 -5 5
room 0 2 -5 -5 4 0
root 5 -2 -5 -3 -3 4
rota -6 -7 -5 -5 1 10
rotat 5 -3 0 -5 -5 4
round -6 4 -1 -1 -1 2
rout -4 -1 -1 4 2 -2
router -3 -2 5 0 -2 0
row 5 -3 -3 -1 -1 1
rpki -6 2 4 -5 4 -5
rule -1 -4 -2 7 -4 0
ruleset -6 -7 7 7 -5 -5
run -2 0 0 3 0 -1
runawai -6 5 7 -5 -5 -5
runbook -6 -7 -5 -5 -2 11
runner 1 2 -1 -1 1 -2
runtim -6 -7 3 10 -5 -5
s -4 6 -5 1 1 -5
s3 6 -1 -5 0 -5 0
safe -6 1 9 -2 -5 -5
safeti -6 -7 12 -5 -5 -5
sale -6 8 -5 -5 -5 2
salt 6 -7 -5 7 -5 -5
same 0 3 -2 3 -2 -3
sampl 4 -7 -2 0 3 -2
san -6 5 -5 -5 -5 7
sandbox -6 0 -1 5 -5 3
sane -6 -7 -5 12 -5 -5
saniti -6 -7 -5 12 -5 -5
sat 1 0 1 -5 5 -5
saturat -1 1 -5 -5 7 -5
sav -6 -7 7 7 -5 -5
save 6 -2 -5 2 -1 -5
saw 5 -7 -5 -5 5 1
say 7 -7 -1 -3 -3 1
scal -2 0 1 -5 -2 5
scan -6 -7 -5 -5 0 10
scanner 0 2 1 -5 4 -5
schedul -1 -4 -1 1 2 2
scheduler -1 1 2 -2 -3 1
schem 6 -7 -5 -5 6 -5
schema -1 3 -3 5 -3 -5
scop 2 -7 -5 7 -5 2
scor 3 -2 3 0 0 -5
scorer 6 -7 7 -5 -5 -5
scrap -6 2 -5 4 4 -5
scratch -6 2 -5 -5 4 4
screen 3 -7 4 -5 4 -5
script -1 0 0 2 -5 3
scrub 11 -7 -5 -5 -5 -5
sdk 0 0 1 0 2 -3
seal 6 5 -5 -5 -5 -5
search 3 0 5 -2 -5 -5
season -6 -7 1 -5 1 8
seat 0 2 1 -5 4 -5
second -4 5 -2 -1 -2 0
secondari -6 3 -1 -5 3 1
secret -2 0 -5 8 -5 -2
secur -6 5 -5 -5 6 -5
securiti -1 -2 -1 -1 -1 5
see 4 2 -5 -5 2 -2
seem -6 5 -5 -5 6 -5
seen -6 -7 -5 -5 12 -5
segment 11 -7 -5 -5 -5 -5
select -6 5 -5 -5 6 -5
self -6 5 -5 -5 -5 7
seller 3 2 -5 -5 -5 4
semantic -6 -7 4 9 -5 -5
send 1 -1 3 -5 4 -4
sender 6 1 3 -5 -5 -5
sensor -6 -7 4 -5 9 -5
sent -1 2 -2 -2 3 -2
sentinel -6 10 -5 -5 -5 -5
sentri 11 -7 -5 -5 -5 -5
sepa -6 2 4 -5 -5 4
separat 1 5 -3 -1 -3 -1
separateli -6 -7 1 5 1 1
serial 7 -7 -5 5 -5 -5
serv 0 4 -1 3 -3 -5
server 0 2 -2 2 -1 -2
servfail 6 5 -5 -5 -5 -5
servic 0 1 -2 1 -1 0
sery -6 -7 -5 -5 12 -5
session 1 4 -3 -1 -4 -1
set -5 -1 -2 6 -1 -1
settabl -6 -7 7 7 -5 -5
setting -5 -6 -1 10 -4 -5
settlement 5 0 -5 -5 1 1
setup -2 2 -5 -5 4 2
seven 1 0 -1 -5 -1 4
severiti 8 -7 -5 -5 4 -5
sha 8 -7 -5 -5 -5 4
shadow -6 -7 -5 12 -5 -5
shar -2 1 -1 1 -2 2
shard -2 5 -1 1 -5 -2
shed -6 9 -1 -5 -5 -5
sheet 6 -7 -5 -5 -5 7
shell 6 -7 3 -5 -5 2
shellcheck -6 -7 -5 -5 -5 12
shield -6 10 -5 -5 -5 -5
shift 3 -2 3 -5 -5 3
ship 3 -7 2 4 -2 -3
shipment 3 2 -5 -5 -5 4
shop -6 2 1 0 0 0
short -2 4 2 -1 -5 -1
shorten 3 -7 -5 4 4 -5
should 0 1 0 -1 0 0
shouldn -6 8 -5 -5 -5 2
shout -6 -7 -5 -5 12 -5
show -1 0 -3 0 3 0
shown -6 -7 4 -5 9 -5
shrunk -6 5 -5 7 -5 -5
shut -6 -7 12 -5 -5 -5
shutdown -6 6 1 -5 -5 1
sick 6 -7 -5 -5 6 -5
side -4 1 3 -3 4 -5
sidecar 6 5 -5 -5 -5 -5
sidekiq 8 -7 -5 4 -5 -5
sign -1 0 3 -1 -1 0
signal -1 -7 -5 -5 10 -5
signatur 3 -7 3 3 0 -5
signer 11 -7 -5 -5 -5 -5
sigterm -6 10 -5 -5 -5 -5
silenc -6 -7 -5 -5 12 -5
silent 7 -7 -5 -5 5 -5
silentli 9 -7 -5 3 -5 -5
similar -6 1 -5 3 0 3
simpl -6 -7 -5 12 -5 -5
simplifi 3 -7 -5 -5 -5 9
simulat -6 -7 -5 12 -5 -5
sinc 0 0 -2 -1 2 -1
singl -2 3 2 1 -3 -3
sink 6 5 -5 -5 -5 -5
sip 6 5 -5 -5 -5 -5
sit -6 -7 1 5 -5 5
site -4 2 -1 -1 0 2
six -2 -3 -5 -1 6 2
sixti -6 1 -5 7 2 -5
size 2 -2 -5 5 0 -4
skew 6 -7 -5 -5 6 -5
skip 6 -1 3 -5 -4 -4
sla -6 -7 -5 -5 -5 12
slack -6 -7 4 -5 9 -5
slo -6 -7 -5 -5 12 -5
slot 5 6 -5 -5 -5 -5
slow 1 5 -5 -5 0 -3
slowli -6 10 -5 -5 -5 -5
slurm 3 2 -5 -5 4 -5
small -6 -7 1 0 6 0
smaller -6 1 -5 2 2 2
smok -6 -7 -5 -5 -5 12
sms -6 1 3 -1 2 -1
smtp 1 3 -5 1 1 -5
snapshot -3 6 -2 -5 -2 0
snmp -6 -7 -5 -5 12 -5
so 0 2 0 -1 -1 -1
soak -6 -7 -5 12 -5 -5
soap 1 0 1 -5 -5 5
socket -6 10 -5 -5 -5 -5
soft -6 10 -5 -5 -5 -5
sole -6 -7 7 7 -5 -5
some 0 -1 -5 0 0 4
somebodi 3 -7 0 0 5 -5
someon -3 -4 3 0 4 -2
someth 4 -7 3 0 2 -5
somewher 3 -7 4 -5 4 -5
sort 6 -7 7 -5 -5 -5
sorter 2 1 3 -5 -5 2
sourc 1 -5 -3 7 -1 -5
spac 6 -7 -5 -5 6 -5
spam 2 -7 7 2 -5 -5
span 2 1 -5 -5 6 -5
spar -6 5 -5 -5 -5 7
spec -6 -7 -5 12 -5 -5
specific -6 1 -5 7 2 -5
speculativ -6 -7 12 -5 -5 -5
speed -6 -7 -5 -5 12 -5
spend 3 -7 4 -5 4 -5
spent 9 -7 -5 -5 -5 2
spik -6 -7 -5 -5 10 1
spin -6 5 -5 7 -5 -5
split -3 2 0 -5 -3 5
splunk 11 -7 -5 -5 -5 -5
sponsor -6 -7 -5 -5 -5 12
spool 6 5 -5 -5 -5 -5
spot -6 -7 -5 0 10 -5
spread -6 5 5 -5 -1 -5
spring -6 -7 -5 2 2 7
sql 3 2 -5 -5 -5 4
sre -6 -7 3 -5 -5 10
ssh 3 2 -5 -5 -5 4
ssl -6 -7 -5 4 -5 9
sso 0 -7 9 -5 -5 0
stabl 3 -7 -5 4 4 -5
stack 9 -2 -5 -5 -5 -2
stackdriver -6 -7 -5 -5 12 -5
staff -6 -7 6 -5 5 0
stag -4 -6 -4 7 -3 4
stagger -6 10 -5 -5 -5 -5
stal 1 6 -5 -5 -1 -1
stall 6 2 -5 -5 0 -5
stand 1 -7 -5 -5 4 6
standard -6 -7 -5 -5 9 4
standbi -6 9 1 -5 -5 -5
start -1 2 0 3 -4 -2
starter -6 -7 -5 7 -5 7
startup 3 2 4 -5 -5 -5
starv 1 8 -5 -5 -5 -5
stat 1 1 -4 0 2 -2
statement 2 4 1 -5 -2 -5
static -6 -7 9 -5 0 0
statistic -6 2 -5 -5 4 4
status 1 -1 -4 -5 4 1
stay -6 4 -2 -2 5 -5
stderr 11 -7 -5 -5 -5 -5
stdout 11 -7 -5 -5 -5 -5
step -2 -3 -3 -1 -1 7
still -1 2 1 -3 -4 3
stock -6 5 -5 -5 6 -5
stop -1 0 5 -1 -1 -3
stor 2 4 -2 -2 -2 -3
storag 3 1 -2 -1 -4 1
storefront 5 -7 5 -5 -5 1
storm -2 5 1 -5 1 -5
straight -6 5 -5 -5 6 -5
stream 4 3 1 -5 -2 -5
strengthen -6 5 -5 7 -5 -5
strict -6 -7 -5 10 -5 2
stricter 6 -7 -5 -5 -5 7
string 2 -7 -5 10 -5 -5
strip 11 -7 -5 -5 -5 -5
structur 10 -7 -5 1 -5 -5
stuck -1 1 -5 -5 8 -5
student -1 5 -1 -5 -5 2
studi -6 5 -5 -5 6 -5
styl -6 10 -5 -5 -5 -5
submission -6 -7 -5 -5 12 -5
submit -6 -7 7 7 -5 -5
subscrib 3 -7 -5 -5 9 -5
subsystem -6 10 -5 -5 -5 -5
succeed -6 -7 -5 -5 12 -5
success 0 -7 -5 -5 10 -5
successful 3 -7 -5 -5 4 4
such -6 -7 2 7 -5 2
sudden -6 -7 -5 -5 12 -5
sudo 6 -7 -5 -5 -5 7
suit -6 -7 -5 -5 -5 12
summari 7 0 -5 -5 -5 1
supervisor 6 5 -5 -5 -5 -5
suppli -6 5 -5 -5 6 -5
supplier -1 4 0 -5 0 0
support 0 -5 4 -5 -1 4
suppress 6 -7 -5 -5 6 -5
sure -6 -7 -5 0 3 7
surfac 10 -7 -5 -5 0 -5
surg 2 1 3 2 -5 -5
surviv 2 3 -1 -1 -5 -1
suspect -6 -7 7 -5 2 2
suspend -6 -7 12 -5 -5 -5
suspendabl -6 -7 12 -5 -5 -5
sustain -6 -7 -5 -5 12 -5
swallow 11 -7 -5 -5 -5 -5
swap -1 -7 -1 2 -1 5
swift -6 7 -5 -5 -5 4
switch -3 -4 8 -2 -1 -1
symptom -6 5 -5 -5 6 -5
sync 2 1 4 -2 -2 -5
syntax -6 1 -5 10 -5 -5
synthetic -6 -7 -5 -1 11 -5
sysctl -6 -1 -5 10 -5 -5
syslog 8 -7 -5 -5 4 -5
system 1 0 0 -2 0 1
systemd -6 10 -5 -5 -5 -5
t -6 -7 -5 12 -5 -5
tab -6 3 1 1 -5 1
tabl -4 -2 -4 7 -2 1
tag 5 -2 3 -5 -5 0
tail -6 -7 7 -5 6 -5
tak -6 1 7 2 -5 -5
take -5 3 2 0 -2 -1
taken 1 0 -5 5 -5 1
talk -6 0 -5 1 -5 8
tape -6 10 -5 -5 -5 -5
tarball 3 7 -5 -5 -5 -5
target -1 1 -1 2 2 -5
tariff -6 2 -5 4 -5 4
taught 6 -7 -5 -5 6 -5
tax 0 -1 3 0 0 -2
tcp -6 5 1 -5 0 0
teach 3 -7 1 -5 -5 7
team -2 -6 -1 -3 3 5
telemetri 1 0 1 -5 5 -5
tell 6 -7 -5 -5 6 -4
temp -6 10 -5 -5 -5 -5
temperatur -6 -7 -5 -5 12 -5
templat -4 -3 -5 8 -5 3
temporari 2 8 -5 -5 -5 -5
temporarili -6 -7 10 -5 -5 2
ten -2 1 -5 -1 6 -3
tenant -1 2 1 0 0 -2
tenth -6 -7 -5 -5 6 7
term -6 -7 -1 6 2 2
terminal -6 -7 -5 -5 -5 12
terraform 2 -3 -5 6 -5 1
test -6 -5 -3 0 -1 8
text 8 -7 -5 -3 1 -3
than -1 3 -3 -1 2 -2
that 0 -1 1 -1 0 0
the 0 0 0 0 0 1
their -3 5 -2 -2 0 0
them 0 -1 -2 4 -3 -1
themselv -6 3 5 1 -5 -5
then -6 4 -3 4 -1 -3
ther 2 -3 0 -3 3 -1
therefor -6 5 7 -5 -5 -5
thes -1 -7 -5 -5 9 0
they 3 0 -3 0 0 -1
thing 3 -7 -1 -5 5 1
think -6 -7 7 -5 6 -5
third -3 -1 4 -5 2 0
thirti 1 -7 -5 5 1 1
this 0 -3 -1 -2 2 3
thos 0 -3 -5 0 3 3
though -6 0 5 5 -5 -5
thought 6 -7 -5 -5 -5 7
thousand 6 1 -5 -5 -5 2
thre -2 3 -3 -2 0 2
thread 0 9 -5 -5 -5 -5
threshold -2 -7 -5 2 8 -5
threw 11 -7 -5 -5 -5 -5
throttl 3 2 -5 -5 4 -5
through 2 0 0 0 1 -5
throughout -6 -7 3 -5 9 -5
throw 2 5 -5 -5 2 -5
thrown 8 -7 -5 -5 -5 4
thumbnail -6 -7 7 7 -5 -5
thunder -6 10 -5 -5 -5 -5
thursdai -6 -7 -5 -5 6 7
ticket 0 -1 -5 -1 7 -5
tie -6 -7 4 -5 9 -5
tier 2 7 -5 -5 -5 -1
till -6 5 3 -5 -5 2
tim 6 -7 -5 -5 6 -5
time 1 0 -2 1 0 0
timelin 6 1 -5 -5 -5 2
timeout -3 2 -5 7 -4 -4
timestamp 11 -7 -5 -5 -5 -5
timetabl 0 -1 1 0 0 0
titl 3 -7 4 -5 4 -5
tls -2 -7 -5 7 1 1
tmp -6 10 -5 -5 -5 -5
to 0 -1 1 0 -1 1
todai -1 1 3 2 -1 -5
together -1 5 -1 -1 -5 -1
toggl -6 -7 12 -5 -5 -5
token 3 5 -5 -5 -2 0
tokenizer 8 -7 4 -5 -5 -5
told -2 -7 -3 -1 7 1
tolerat -6 10 -5 -5 -5 -5
too -1 2 -3 -3 5 -3
took -2 3 0 1 -1 -2
tool 2 -5 0 -2 -3 5
top 1 3 -5 -5 -2 3
topic -1 2 -2 2 2 -5
total -6 -7 -5 -5 9 2
touch -6 0 1 -5 -5 8
toward -6 5 -5 -5 6 -5
trac 9 -7 -5 -5 3 -5
track 1 -5 -5 -5 9 -5
tracker 2 5 -5 -5 -5 2
trad -6 -7 12 -5 -5 -5
traffic -6 3 3 -4 1 -1
trail 10 -7 -5 -1 -5 -5
train -3 -4 -2 -2 0 7
trainer 11 -7 -5 -5 -5 -5
transaction -6 7 -1 -5 2 -5
transcod -6 10 -5 -5 -5 -5
transcript 8 2 -5 -5 -5 -5
transfer 3 2 1 -5 0 -5
transit -6 5 -5 -5 -5 7
transition 6 -7 -5 -5 6 -5
translat 6 1 -5 2 -5 -5
travers -6 10 -5 -5 -5 -5
treat -6 3 -2 4 0 -2
tree -6 -7 -5 7 -5 7
tri -6 3 1 1 -5 1
trigger -6 -1 1 0 4 0
trim 11 -7 -5 -5 -5 -5
trip -1 4 3 -5 0 -5
troubl -6 -7 -5 -5 12 -5
true 2 -7 3 7 -5 -5
truncat 6 3 -5 -5 -5 -1
trunk -6 5 -5 7 -5 -5
trust -6 0 8 1 -5 -5
try -2 4 -1 -5 -1 2
ttl -6 6 -5 5 -5 -5
tun -6 -7 -5 12 -5 -5
tunabl -6 -7 -5 12 -5 -5
tunnel -6 1 3 2 -5 2
turn -1 -1 8 -2 -4 -5
twelv -6 5 -5 -5 6 -5
twenti -6 5 -5 7 -5 -5
twic -6 5 -5 0 -5 4
twitter -6 -7 -5 -5 12 -5
two -3 2 -1 0 0 1
typ -6 -7 -5 4 4 4
type 0 -7 1 7 -5 0
typo -6 -7 -5 12 -5 -5
ui -6 -7 9 4 -5 -5
unavailabl 3 5 1 -5 -5 -5
unbound -6 5 -5 -5 -5 7
undefin -6 5 -5 7 -5 -5
under -1 -3 2 -4 2 2
understand 3 -7 -5 -5 -5 9
undo -6 3 5 -5 -5 1
unhandl 11 -7 -5 -5 -5 -5
unhealthi -6 4 3 -5 0 0
unifi 3 -7 -5 9 -5 -5
unit -6 2 -5 1 -5 7
universiti -6 10 -5 -5 -5 -5
unknown 3 1 -5 4 -5 -3
unless -6 -7 -5 10 -5 2
unprocess -6 -7 -5 -5 12 -5
unreachabl -3 6 -2 -2 -2 -2
unread 6 -7 -5 -5 6 -5
unreadabl 6 5 -5 -5 -5 -5
unset -6 -7 -5 7 -5 7
until -3 1 4 -4 -1 1
unus -6 -7 -5 -5 -5 12
up 1 2 -1 -2 -1 0
updat -6 -1 -1 2 -2 5
updater 2 1 7 -5 -5 -5
upgrad -2 -7 -1 -1 -5 9
uplink -6 7 -5 -5 4 -5
upload 4 0 1 0 -5 -3
upon -6 -7 -5 -5 6 7
ups -6 0 5 -5 -2 3
upstream 6 -3 -5 3 -5 -1
uptim -6 -7 -5 -5 6 7
url -1 -7 -5 10 -5 -1
us 1 -4 2 1 1 -1
usag -1 -4 -2 -5 9 -5
use -2 3 -4 -2 0 3
used -6 0 2 -5 4 2
useful 6 -7 7 -5 -5 -5
useless 6 1 -5 -5 2 -5
user 2 -1 -1 -2 1 0
using -2 2 -5 5 1 -5
usual -6 -7 -5 -5 6 7
utc 10 -7 -5 0 -5 -5
v1 -6 -7 -5 -5 -5 12
v2 -6 2 9 -5 -5 -5
v4 -6 -7 7 -5 6 -5
vacuum -1 -2 0 0 0 3
valid 2 1 -5 2 2 -5
validat -6 1 -1 7 -3 -2
validator -6 2 -5 4 4 -5
valu 0 -1 -5 7 -4 -4
vanish 8 -7 -5 4 -5 -5
vaniti -6 5 -5 -5 6 -5
var 7 -2 -5 3 -5 -5
variabl -3 -7 0 8 -5 0
varnish 6 -7 -5 7 -5 -5
vault 7 0 -5 -5 -5 1
vcl -6 -7 -5 12 -5 -5
vendor -3 -3 1 -3 0 5
ventilator -6 5 -5 -5 6 -5
verbos 11 -7 -5 -5 -5 -5
verbositi 11 -7 -5 -5 -5 -5
verdict 3 2 4 -5 -5 -5
verifi -6 -3 -5 8 1 -2
verificat -1 -7 3 0 3 0
version 0 -4 -2 5 0 0
versus -6 5 -5 -5 6 -5
very 5 -7 3 -5 -5 3
via -6 0 4 2 2 -5
video -6 1 3 2 -5 2
view 5 -7 0 -5 3 0
vip -6 10 -5 -5 -5 -5
visa -6 -7 12 -5 -5 -5
visibiliti -6 2 -5 -5 9 -5
visibl 0 -7 -5 3 6 -2
vm -6 5 -5 2 -5 2
voic -6 0 8 -5 1 -5
volum 5 1 -5 -3 -1 -1
volunteer -6 -7 -5 -5 -5 12
vpc -6 7 -5 4 -5 -5
waf -3 -1 1 5 0 -5
wait -3 5 0 -1 0 -4
wake -6 -7 -5 -5 12 -5
wal -6 5 -5 -5 5 -1
wall 6 -7 -5 -5 6 -5
wallboard -6 -7 7 -5 6 -5
wallet 3 -7 4 -5 4 -5
want 5 -7 8 -5 -5 -5
ward 1 0 1 -5 1 1
warehous -6 2 4 -5 4 -5
warm -6 9 -5 -5 0 -5
warn 5 -7 -5 -5 6 -2
was 2 -2 -1 1 0 0
wasn 5 -7 0 0 3 -5
watch -6 -7 0 -3 9 -3
watchdog -6 10 -5 -5 -5 -5
watcher -6 -7 -5 -5 12 -5
wave -6 -7 4 4 0 0
way -4 -1 9 -5 -3 -3
we 2 -4 3 -1 0 -1
web -3 3 0 -3 1 -1
webhook 3 0 1 -3 -2 0
websocket -6 2 4 4 -5 -5
week -1 -7 -2 -2 6 2
weekend -6 3 -5 -5 5 1
weekli -6 -7 -5 10 -5 0
weight -6 -7 -5 12 -5 -5
well 3 1 -5 -3 1 1
went 3 -5 -1 1 0 0
were 2 -1 -1 0 0 -1
weren -6 -7 -5 -5 -5 12
what 4 -3 -2 1 -3 2
whatever 2 1 3 -5 2 -5
when 0 1 0 -3 2 -2
whenever 7 -7 -2 -3 1 -1
wher -1 -4 -2 6 1 -3
whether 3 -7 1 -5 4 0
which 4 -4 0 -1 -1 1
whil -4 1 6 -2 -2 -3
whilst 3 -7 4 -5 4 -5
who 3 -4 -4 -4 -3 6
whol -3 4 2 -2 -2 -2
whos -2 0 -5 2 -5 6
why 6 -5 -3 -1 2 -3
wi -6 5 7 -5 -5 -5
wide 2 -7 3 7 -5 -5
widen -6 -7 -5 -5 6 7
wiki -6 0 1 -5 -5 8
will -6 -3 5 1 1 1
win -6 7 -5 4 -5 -5
window 5 -3 -1 -1 3 -5
wire -6 -7 9 -5 4 -5
with 1 -1 -1 0 -1 1
withdraw -6 8 3 -5 -5 -5
withdrawn -6 -7 12 -5 -5 -5
within 0 -4 1 0 2 0
without -2 -1 4 3 -3 -4
word 7 -7 4 -5 -5 -2
work -5 0 2 -3 -2 5
worker 4 2 -1 1 -4 -5
workflow -6 5 -5 -5 -5 7
workload -6 7 -5 4 -5 -5
worldwid -6 -7 7 -5 -5 7
wors -6 -7 -5 -5 6 7
would -3 -4 4 3 -1 -1
wrap 5 0 5 -5 -5 -5
wrapper 8 -7 -5 -5 4 -5
writ 4 0 0 -3 -4 1
writer -6 8 3 -5 -5 -5
written 2 -2 -5 -1 -5 7
wrong 4 -5 -3 2 -1 0
wrot 6 5 -5 -5 -5 -5
x -6 -7 -5 7 -5 7
xid 3 -7 -5 -5 9 -5
xml -6 2 -5 4 -5 4
yaml -6 -1 -5 10 -5 -5
yank 6 -7 7 -5 -5 -5
year -1 -4 -5 1 -3 7
yesterdai -6 8 -5 1 -5 -5
yet 1 -7 1 1 5 -5
you 1 0 1 1 -5 1
zero 0 -1 1 2 2 -5
zone 1 0 -2 2 -2 1
zookeeper -1 1 -5 2 2 -1
"""

# A category, what the phrase says for it, the phrase.
_PHRASES = """
config 3.1 ^validate … before
config 3.3 adjust … without
config 2.1 adjustable
config 3.1 aligned|consistent|match … timeout|setting|value|limits
config 3.1 all or nothing
config 3.3 allow list
config 3.3 apache|nginx|haproxy|envoy|varnish|vcl config|configuration|change|values
config 3.2 apply|push|roll … gradually|incrementally|region
config 3.3 at load time
config 3.1 at run time
config 3.2 at runtime
config 3.2 bad|invalid|wrong|incorrect|erroneous config|configuration|settings|value
config 3.3 baked in|into
config 3.3 baked|baking … image|build|binary
config 1.6 bgp|routing|filters
config 3.2 buffer size
config 3.2 by hand … edited|changed|console|console
config 3.3 canary … blocklist|rules|policy|list|data|flags
config 3.3 change … without … restart|deploy|redeploy|rebuild|release
config 3.2 changed without
config 3.2 command line option|argument|flag
config 2.0 compile
config 3.2 compiled in|into
config 3.1 config map|server|service|store
config 3.3 configmap|yaml|toml|ini|helm values
config 2.0 configurable
config 3.2 configuration management|validation|review|drift|change|file|option|parameter|format
config 2.0 config|configuration|configure
config 3.0 config|configuration|firewall|routing|network changes
config 2.2 constants
config 2.0 copybook
config 3.2 correct|fix … setting|config|configuration|value|parameter|interval
config 3.3 cross reference|references
config 3.1 decrease|lower|bump|adjust … pool|value|parameter|setting|threshold|limit … to|from
config 3.3 default of
config 3.2 default value|setting|config
config 3.1 default … was|is|should|too
config 3.2 disallow … at load
config 2.1 diverged|diverge|divergent
config 2.1 drift
config 3.3 dry run … rule|rules|policy|before
config 3.1 edited|changed|opened … by hand|console
config 3.2 environment specific
config 3.3 environments … same|differ|agree
config 3.1 environment|env variable|var
config 3.3 explicitly set
config 2.1 externalize|externalization
config 3.2 fail the load|start|boot|startup
config 3.2 feature flags … review|gradual|validated|stale|drift
config 3.3 firewall|acl|allowlist|whitelist|blocklist rule|list
config 3.2 flag rule|rules
config 2.0 gitops
config 3.1 global|globally pushed|applied|rollout|change
config 3.3 hard coded|code
config 2.0 hardcoded
config 3.3 hostname|hostnames|address|addresses|ip … hard|code|properties|file
config 3.3 hot reload
config 3.2 in an if
config 3.0 in the dockerfile|image|chart|bundle|apk|firmware|copybook
config 3.1 increase|decrease|lower|raise|adjust|change … buffer|ttl|interval|worker
config 3.1 increase|decrease|lower|raise|adjust|change … parameter|setting|value
config 3.4 into … config|configuration|setting|environment|file
config 3.1 ip addresses|hostnames
config 3.3 jvm|heap size|flags|options
config 2.0 knob
config 3.2 limits … runtime
config 3.2 magic number
config 3.3 make … configurable
config 3.3 make … property|parameter|setting|option
config 3.3 max connections
config 2.0 misconfigure|misconfiguration
config 3.2 missing setting|key|config|variable
config 3.3 move|moved … to remote|runtime|a|the config|configuration|settings|property
config 3.3 nginx -t
config 3.3 no default
config 3.1 once at boot|start|startup
config 3.2 out of the code
config 3.2 out of … firmware|code|copybook|bundle
config 3.1 out of … image|build|binary|container|source
config 3.3 parameter group|set|sets
config 2.2 parameter|parameterize
config 3.1 per site|hospital|depot|tenant|customer … own|value|setting|different
config 3.2 policy … ring|region|gradually|first|access
config 2.1 property
config 3.0 raise|increase|reduce … pool|value|parameter|setting|threshold|limit … to|from
config 3.3 read … from … environment|config|file
config 3.1 reads … once
config 1.9 reconcile
config 3.2 refuse to emit|start|boot|load
config 3.1 refuse|reject|fail to boot|start
config 3.2 remote config|configuration
config 3.2 rolled|propagated|pushed … incrementally|gradually
config 3.4 routing table|rules
config 3.2 rule … as data|file|table
config 3.2 runtime config|configuration|setting
config 3.3 same … for all|both|everyone
config 3.2 same … settings|configuration|config
config 3.3 sane|safe|sensible default
config 3.2 sanity limits|limit|check … rule|value
config 3.2 schema check
config 3.2 schema for … definitions|config|file
config 2.3 setting
config 3.2 settings service
config 3.1 show … diff
config 3.2 single|one template|source|file … values|both|all
config 3.2 soak … policy|rule|config
config 3.2 staged|gradual|progressive|incremental|canary|phased … config|configuration|settings
config 3.2 table of them
config 3.3 terraform drift|plan|state
config 3.2 time zone … set
config 3.3 timeout|setting|value|limits … aligned|consistent|match
config 3.0 took|take|needs|requires … rebuild|redeploy|release|deploy|deployment|restart
config 1.9 ttl
config 2.2 tune|tunable|tuning
config 3.2 type check … flags|values
config 2.1 typo
config 1.9 ulimit|sysctl|kernel
config 3.3 unit|units suffix|in
config 3.4 unknown|missing|empty|mandatory|required keys|setting|variable|url|property
config 3.2 validate|check|lint|verify|test … config|configuration|settings
config 3.2 verify|check on boot|start|startup|load
config 3.2 version history … rules|policies|policy|routing
config 3.3 while running
config 3.1 without … building|compile|recompiling|new build|apk|binary
config 2.6 without … deploy|deployment|release|code
config 3.3 without … redeploy|rebuild|recompile|recompilation|restart
config 3.2 worker count|processes
config 3.3 wrong|bad|poor|shipped default
config 3.0 zone file|changes
failure 2.0 429
failure 2.1 ^handle
failure 3.1 ^if|when … fail|down|unavailable|unreachable|slow
failure 2.1 ^isolate
failure 2.1 ^limit
failure 1.9 ^retry
failure 2.0 ^throttle
failure 2.1 ^tolerate
failure 3.2 abort|kill … long|slow|stuck
failure 3.1 accidental|accidentally delete|deletion|dropped
failure 3.2 admission control
failure 3.1 among|across … providers|regions|zones|hosts
failure 3.2 anti affinity
failure 1.9 asynchronous|asynchronously|async
failure 3.0 at least two|three|2|3|one
failure 2.0 atomic|atomically
failure 3.0 auto restart|heal|recover|recovery|remediate
failure 3.0 automatic|automatically restart|recover|recovery|failover
failure 2.8 availability zone
failure 3.2 back off
failure 3.2 back pressure
failure 3.1 back up
failure 1.9 backoff|jitter
failure 2.0 backpressure
failure 1.9 backup
failure 3.2 batch … requests|writes|calls|updates
failure 3.3 blast radius
failure 3.1 booked|charged|sent|processed … twice
failure 3.3 bound|cap … queue|retries|memory|size|number|time
failure 3.2 break … dependency
failure 3.1 buffer … disk|locally|local
failure 2.1 bulkhead
failure 1.7 cache
failure 3.2 cap concurrent|the|retries|requests
failure 3.2 cap … number|size|requests|concurrency
failure 1.9 cascade
failure 3.1 ceiling on|for
failure 2.0 cells
failure 2.7 circuit breaker|breaking
failure 3.2 circular dependency
failure 3.2 clean up after
failure 3.2 client side cache
failure 2.1 coalesce|coalescing
failure 3.2 compare and set|swap
failure 1.8 concurrently|simultaneously|overlap|mutual|mutex|lock
failure 3.3 connection|descriptor|goroutine|thread leak
failure 3.2 consistent hashing
failure 2.0 contention
failure 2.0 cope|coping
failure 1.6 crash
failure 3.0 crash loop
failure 3.1 cross region
failure 3.1 dead letter
failure 3.2 dead letter queue
failure 2.0 deadline
failure 3.2 deadline on|of
failure 1.8 deadlock|livelock
failure 1.9 decouple
failure 3.2 dedupe … on|key|request
failure 3.2 degree of separation
failure 3.3 deletion protection
failure 3.2 different rack|zone|region|node|host
failure 3.0 disaster recovery
failure 3.2 double click|submit
failure 1.9 drain
failure 3.2 drop|discard … load|oldest|excess
failure 3.2 durable|durably queue|store
failure 2.1 eviction|evicted
failure 1.9 exhaust|exhaustion
failure 3.3 exponential backoff
failure 3.3 fail fast|open|closed|safe|static
failure 3.0 fail over
failure 1.8 failover
failure 3.2 failover procedure
failure 3.1 failure domain
failure 2.8 fall back
failure 1.8 fallback
failure 3.2 fault domain|tolerance|tolerant|isolation
failure 2.9 file descriptor
failure 3.2 from an hour ago
failure 1.8 fsync
failure 3.2 graceful degradation
failure 3.2 graceful shutdown
failure 2.1 graceful|gracefully
failure 3.2 half written
failure 2.0 hammer|hammering
failure 3.1 handle … error|failure|exception|missing|unavailable|slow|invalid|null|empty
failure 3.2 handling of
failure 2.0 harden
failure 2.6 health check|probe
failure 1.9 healthcheck
failure 2.1 hedge|hedged
failure 3.2 hot spare
failure 2.1 idempotent|idempotency
failure 2.1 if|when … gone|dead|missing|fails|lost|absent|broken|full
failure 3.2 in batches
failure 3.1 independent|independently of
failure 3.1 input validation
failure 3.0 instead of … 500|crash|error|failing|blocking|hanging
failure 2.1 isolate
failure 3.1 keep … serving|working|running
failure 3.2 kick in by
failure 3.2 kill itself
failure 3.1 kill … process|pod|query|connection
failure 3.2 last known good
failure 3.2 last writer wins
failure 2.9 leader election
failure 2.1 lease
failure 2.1 lease|fencing|fence
failure 2.8 limit … number|size|amount|concurrency|concurrent|connections|requests|memory|cpu
failure 2.0 liveness|readiness
failure 3.3 liveness|readiness probe|check
failure 3.2 load shed
failure 3.1 lose|losing|loss of … zone|region|node|master|leader|host|instance|primary
failure 3.1 make … robust|resilient|reliable|tolerant
failure 3.1 malformed|corrupt|bad input|data|message|request
failure 3.1 max … retries
failure 2.9 max|maximum size|number|connections
failure 2.8 memory|cpu|resource|connection|size|request limit
failure 3.1 misbehaving|leaking|bad|faulty node|process|tenant|client|host
failure 3.2 multi az|region|cluster|zone
failure 3.2 multiple availability zones|regions
failure 3.2 nat gateway … zone
failure 3.2 never block|crash|lose|orphan
failure 3.2 nil|null|none values|pointer|response
failure 3.1 no deadline|limit|timeout
failure 3.2 not affect
failure 3.1 not reachable|available|responding|ready
failure 2.0 nullable
failure 1.9 oom
failure 3.0 out of memory
failure 1.9 overload
failure 1.7 partition|shard
failure 3.1 per customer|client|tenant … limit|quota|cap
failure 3.2 pod disruption budget
failure 3.2 point in time recovery
failure 3.3 poison message|pill
failure 2.7 pool size
failure 3.2 prevent … exhaustion|overwhelming|taking|bringing|outage|full
failure 3.2 prioritise|prioritization|prioritisation … traffic|requests|jobs
failure 3.3 priority … queue|traffic|jobs|requests
failure 3.3 protect|shield|insulate … from
failure 2.1 quarantine
failure 3.2 queue … durably
failure 3.2 queue … requests|jobs|writes
failure 1.9 queueing
failure 2.0 quorum
failure 1.6 quota
failure 2.6 rate limit|limiter
failure 3.2 read modify write
failure 2.1 reconnect
failure 2.0 redundant|redundancy
failure 3.3 refuse any|more|new|imports|writes
failure 3.2 reject … requests|input|payload|malformed|invalid
failure 3.3 reject|refuse … over|above|larger|too|oversized|excess
failure 3.2 remember processed
failure 3.2 removed … from rotation|cluster|pool
failure 3.3 remove|reduce|eliminate … dependency
failure 3.0 replication factor
failure 1.7 replica|replicate
failure 3.3 reserve … for
failure 3.2 resource requests
failure 3.2 restart … automatically
failure 2.9 restart|relaunch|respawn … when|if|unhealthy|pod|process|itself
failure 3.1 restore … backup
failure 3.1 retry storm
failure 1.8 retry|retriable|retryable
failure 3.2 robust|resilient to|against|when
failure 1.9 robust|robustness
failure 3.2 run|runs … twice
failure 3.1 second copy
failure 3.2 secondary|second sms|provider|carrier|supplier|link|path|uplink|resolver
failure 3.3 second|secondary|backup provider|region|datacenter|dns
failure 2.9 separate|split … from
failure 3.2 separate|split … pool|queue|cluster|instance|database|process|service
failure 3.2 separation between
failure 3.1 serve stale
failure 3.1 shared … cluster|database|redis|instance
failure 3.3 shed … traffic|requests
failure 3.2 single point of failure
failure 3.1 skip … already|duplicate|duplicates
failure 3.1 skip … bad|corrupt|malformed|invalid
failure 3.1 slow|dead|down dependency|upstream|client|consumer|backend|service
failure 1.9 snapshot
failure 3.3 soft delete
failure 3.2 split brain
failure 3.1 spread|distribute … across|load|nodes|hosts|zones
failure 2.0 stampede|herd
failure 2.1 standby
failure 2.0 starve|starvation
failure 3.3 statement timeout
failure 3.3 stops answering|responding
failure 1.9 storm|storms
failure 1.9 stuck|hung|hang
failure 3.0 take … over
failure 3.2 take|took|bring down … rest|everything|whole|others|app|site|service
failure 3.2 temp|temporary files
failure 2.7 thread|connection|worker pool
failure 3.1 three|two|four datacenters|datacentres|sites|regions
failure 1.9 throttle
failure 3.3 thundering herd
failure 3.2 time box
failure 3.2 time out
failure 3.1 timed out
failure 1.5 timeout
failure 1.9 tolerate|survive|withstand
failure 3.2 too many services|requests|connections
failure 3.2 treat … as missing|empty|withdraw|unknown
failure 3.3 two|three|several|multiple instance|node|replica|server|site|rack|provider|zone
failure 2.0 unbounded|bounded
failure 3.2 unexpected|invalid|empty|null|missing|partial payload|record|row|field
failure 3.1 unexpected|invalid|empty|null|missing|partial response|input|value|data
failure 1.9 unhealthy
failure 3.2 waiting room
failure 3.2 warm|cold spare|start
failure 2.1 watchdog
failure 2.6 when|if … down|unavailable|unreachable|slow|unresponsive
failure 3.2 withdraw … route|when|own
failure 3.2 without … dependency|upstream
logging 3.3 /dev/null
logging 3.3 ^keep … log
logging 2.1 ^log
logging 3.3 ^log … when|which|every|all|the
logging 3.3 ^record … who|which|what|reason
logging 3.3 access lines
logging 3.6 access|error|audit|application|slow log
logging 3.1 add … debug|diagnostic|trace
logging 3.0 add … logging
logging 3.2 add|include … context
logging 3.2 at debug
logging 3.3 audit entry|record|event
logging 3.3 audit trail
logging 3.3 bare except
logging 3.3 catch exception|throwable|all
logging 3.2 cause … unknown
logging 3.2 centralised|centralized|central logging
logging 2.1 chatter
logging 2.0 chatty
logging 3.2 compress … logs
logging 3.3 correlation id
logging 3.2 correlation|request|trace id … log
logging 3.2 debug logging
logging 3.3 debug output|information|info
logging 3.2 deduplicate … line|message|at source
logging 3.1 descriptive|meaningful|actionable|useful|generic error|message|exception
logging 3.2 diagnostic output|information|message
logging 3.2 disk … logs
logging 3.3 downgrade … log|logger
logging 3.2 downgrade … to debug|info|warning
logging 2.1 drown
logging 3.2 empty catch|except
logging 3.3 entry whenever|when|for
logging 3.3 error reporting
logging 3.3 error text
logging 3.3 error|exception … logged
logging 3.2 exc_info
logging 3.3 exception|error … swallowed
logging 3.1 except|catch block
logging 3.2 excessive|unnecessary|redundant|duplicate|verbose logging
logging 3.1 exit code
logging 3.1 fills … disk|var|partition
logging 3.2 fluent bit
logging 3.3 from warn|warning|error|info to debug|info|warning
logging 3.1 gb|tb … day|hour
logging 3.2 heap|core|thread dump
logging 3.2 hide|hid|mask|lose|lost … exception|cause|error|stack
logging 3.2 in the trail
logging 3.2 keep … logs
logging 3.3 keeps|kept|leaves|left no record|trace
logging 3.3 leave … trace
logging 3.2 left at|on debug
logging 3.2 lines per minute|second
logging 2.3 log
logging 3.2 log context
logging 3.2 log entry
logging 3.2 log file … big|large|huge
logging 2.8 log level
logging 3.3 log line
logging 3.2 log message
logging 3.2 log on for
logging 3.2 log quota
logging 3.2 log retention
logging 3.3 log rotation
logging 3.0 log shipping|shipper|forwarding|forwarder|pipeline|collector
logging 3.1 log volume
logging 3.2 log … as|at debug|info|warning|expected
logging 3.2 log … error|exception|failure
logging 3.2 log … reason
logging 3.2 log … sparingly|once
logging 2.1 logger
logging 3.2 logging module
logging 2.1 logrotate
logging 3.3 logs … central|off|elsewhere|durable|persistent
logging 3.3 logs … lost|missing|gone|unavailable
logging 3.2 logs … noisy
logging 3.2 logs … too big|large|verbose
logging 3.2 make … say what|why|which
logging 3.3 mask … line|field|number|iban|card|token|log
logging 3.3 message … reads|blames|blamed|says|said
logging 3.2 more|better|additional|detailed|improve logging
logging 3.2 no output
logging 3.2 no record of
logging 3.3 no trace
logging 2.0 noise
logging 3.2 noise in … error tracking
logging 1.9 noisy
logging 3.3 not log
logging 3.3 note … which|who|what|when|why
logging 3.2 nothing else
logging 3.2 old log files
logging 3.2 overly|too verbose
logging 3.3 print … alongside|address|value|version
logging 3.3 print … exception|error|stack|reason|nothing|message
logging 3.3 propagate … id|ids
logging 3.2 purged after
logging 2.1 quieten
logging 3.1 record … statement|parameters|reason|cause|who|payload|query
logging 3.2 recorded … off host
logging 3.3 records … purged|kept|deleted|expired
logging 3.2 reduce … logging
logging 3.2 repeated … million|thousand|times
logging 3.3 request id
logging 3.2 response body
logging 3.2 retention … logs
logging 2.0 rethrow
logging 3.2 reword … message|text|error|it
logging 3.3 rotate … logs
logging 3.2 same line … repeated|times|again
logging 3.2 sample … lines
logging 3.2 sample … logs
logging 3.1 say … nothing|why|which|what
logging 3.2 says|said only
logging 2.1 sentry
logging 3.2 sentry … noise
logging 3.3 ship|forward|send … logs
logging 3.2 silently swallow|ignore|discard|drop|fail|catch
logging 2.1 silent|silently
logging 3.2 size of … logs
logging 3.3 slow query log on
logging 1.9 spam
logging 2.1 splunk|kibana|graylog|loki|log4j|logback|cloudtrail
logging 2.0 squelch
logging 3.4 stack trace
logging 2.0 stacktrace|traceback|backtrace
logging 3.0 state … whether|which|what|who
logging 3.1 state|name|say|tell|show which|what|why|host|file
logging 3.2 structured fields|output
logging 3.3 swallow … exception|error|failure
logging 3.1 syslog … volume|from
logging 2.2 syslog|rsyslog|journald|logstash|fluentd|fluentbit|filebeat
logging 3.1 trace ids
logging 2.0 trail
logging 3.3 unable|hard|difficult|impossible to debug
logging 3.1 vague|cryptic|misleading|unhelpful|clear|clearer error|message|exception
logging 2.2 verbose|verbosity
logging 3.2 volume of logs
logging 3.2 which call
logging 3.0 who … did|changed|deleted
logging 3.2 write … reason|cause
monitoring 3.0 % of … limit|capacity|quota|budget|disk|memory|connections
monitoring 2.1 ^alert
monitoring 2.3 ^monitor
monitoring 3.6 add|create|set|setup|implement … alert|alarm|monitor|metric|dashboard
monitoring 3.2 age of
monitoring 2.2 alarm
monitoring 3.3 alarm … fire|fired|silenced|trigger
monitoring 3.3 alarm|alert … falls|drops|exceeds|above|below|reaches|approaching|over|under
monitoring 3.9 alarm|alert … on|for
monitoring 3.0 alert noise|fatigue|threshold|rule
monitoring 3.1 alert … log
monitoring 2.8 alert … trigger|fire|fired|silent|silenced|missed|routed
monitoring 3.3 alert|alarm … backup|replication|replica|memory|cpu|disk|queue
monitoring 3.2 alert|alarm … pool|connection|retry|timeout|log|deploy|config
monitoring 3.5 alert|alarm|notify|page … when|if
monitoring 2.2 alert|alertmanager
monitoring 2.1 anomaly
monitoring 3.2 as a metric
monitoring 3.5 better|improve|additional|more|enhance monitoring|alerting|observability
monitoring 3.2 be|get notified|alerted|paged|emailed|pinged
monitoring 3.2 billing|cost alert|report|alarm
monitoring 3.2 black box
monitoring 3.2 budget burn
monitoring 3.3 burn rate
monitoring 3.2 business metrics
monitoring 3.2 certificate expiry|expiration
monitoring 1.9 correlate
monitoring 3.2 count … stuck|orders|failed
monitoring 2.0 counter|gauge|histogram
monitoring 3.1 customer|users … told|reported|complained|noticed
monitoring 1.9 dashboard
monitoring 3.3 dead man switch
monitoring 3.4 delete|remove|clean|review|audit|tune|adjust|fix … alert|alarm|monitors
monitoring 3.3 detect stuck|hung|stale|dead|silent
monitoring 3.1 detect … earlier|faster|sooner|quickly|automatically
monitoring 3.2 detect … issue|problem|outage|degradation|failure
monitoring 1.9 detection
monitoring 3.2 distributed tracing
monitoring 3.1 does|did not alert|fire|cover
monitoring 2.9 drops|falls|rises|goes|exceeds|spikes below|above|over
monitoring 3.0 error rate
monitoring 3.2 error tracking|monitoring
monitoring 3.2 escalate … alert|page
monitoring 3.2 expiry|expiration alert|warning|monitor|check
monitoring 3.2 export|expose|emit|publish|record … count|rate|number|statsd|gauge
monitoring 3.2 export|expose|emit|publish|record … metric|prometheus|datadog|usage
monitoring 3.2 external check
monitoring 3.2 faster|earlier|quicker|time to detection
monitoring 2.0 flap
monitoring 3.1 found out from|by|through
monitoring 3.3 from outside|several|three … continents|places|networks
monitoring 2.1 grafana|prometheus|datadog|pagerduty|opsgenie|victorops|cloudwatch|nagios
monitoring 2.1 graph|chart
monitoring 3.2 group … pages|alerts
monitoring 3.2 growth prediction
monitoring 3.1 health dashboard|monitor|metric
monitoring 3.3 heartbeat for|from
monitoring 3.1 heartbeat|dead man
monitoring 3.1 in the on call
monitoring 3.1 in … dashboard
monitoring 2.0 inbox
monitoring 2.9 know|tell|see when|if|whether
monitoring 3.1 latency|p99|percentile metric|alert|dashboard|slo
monitoring 3.2 leading indicator
monitoring 3.1 link … from … alert|pager|page
monitoring 3.2 log based|metric metric|alert
monitoring 3.2 low … warning
monitoring 2.1 measure
monitoring 2.3 metric
monitoring 2.2 monitor
monitoring 3.3 nobody … told|woken|paged|noticed
monitoring 3.2 nobody|noone|no one noticed|saw|knew
monitoring 3.3 notice when|that|if
monitoring 3.2 notice … outage|problem|failure|earlier
monitoring 3.3 notify|notification … when|if|team|us|everyone|channel|slack|on
monitoring 2.0 observability|telemetry|instrumentation|instrument
monitoring 3.1 page for|on|at
monitoring 3.2 page … on call
monitoring 3.1 page … team|someone|engineer|us
monitoring 2.0 paged
monitoring 2.2 pager
monitoring 3.2 pager duty
monitoring 3.0 pages caused|for
monitoring 2.8 page|ping|email|sms … us|me|someone|everybody|everyone|oncall|the
monitoring 3.2 paging threshold|policy|rule|system
monitoring 3.2 paging … on call
monitoring 3.2 probe … outside|external|every|synthetic
monitoring 3.0 probing|probe from
monitoring 3.4 queue depth|length|age|lag
monitoring 3.3 raise a ticket
monitoring 3.2 rate should be
monitoring 3.2 real user monitoring
monitoring 3.2 replication|consumer lag
monitoring 1.9 scrape|exporter
monitoring 3.3 send … alert|notification|email|message
monitoring 2.1 sensor|signal
monitoring 3.2 show … age
monitoring 1.9 sla
monitoring 2.2 slo|sli|slis
monitoring 2.1 spike
monitoring 3.2 state as
monitoring 3.2 status indication|indicator
monitoring 2.1 synthetics
monitoring 3.3 synthetic|blackbox check|probe|test|transaction|monitor
monitoring 3.1 tell … team|us|someone|channel
monitoring 3.2 tell|told … on call
monitoring 2.1 threshold
monitoring 3.2 ticket past|when
monitoring 3.3 to prometheus|datadog|grafana|cloudwatch|honeycomb
monitoring 1.8 tracing|spans
monitoring 3.2 track … rate|number|latency|usage|age|depth|lag
monitoring 2.0 uptime
monitoring 2.0 visibility
monitoring 1.9 visible
monitoring 2.0 wallboard|tile
monitoring 2.9 warn at|us|when|about|before
monitoring 3.2 warn … before|when|approaching
monitoring 3.0 warning|warnings reach|to|for
monitoring 2.0 watch
monitoring 3.2 watch … age|rate|number|lag
monitoring 3.2 watch … for
monitoring 2.1 watcher
monitoring 3.1 why … alarm|alert
monitoring 2.2 woken|wake|waken
monitoring 2.1 zabbix|pingdom|statsd|newrelic|honeycomb|stackdriver|icinga|sensu|opentelemetry
other 3.2 ^add … test
other 3.2 ^add|write|create|update|improve … handbook|checklist|documentation|docs
other 3.2 ^add|write|create|update|improve … runbook|playbook|guide
other 2.1 ^ask
other 2.1 ^automate
other 2.1 ^buy
other 2.0 ^discuss
other 2.0 ^document
other 3.2 ^document … alert|alerts|metric|dashboard|log|timeout|retry|threshold|monitor|failover|backup|setting
other 3.2 ^document … kill|alert|config|flag|switch
other 1.9 ^establish
other 3.2 ^figure out
other 3.1 ^find out
other 2.0 ^freeze
other 2.1 ^hire
other 1.9 ^investigate
other 3.1 ^look into
other 2.0 ^migrate
other 2.0 ^publish
other 2.0 ^review
other 2.1 ^rewrite
other 1.9 ^rotate
other 2.0 ^schedule
other 1.8 ^test
other 2.1 ^train
other 2.1 ^upgrade
other 3.4 ^write|add … test … for|that
other 3.4 ^write|add|update|create … runbook|playbook|guide for|on|about|to
other 3.1 access control|rights|review|management|key|token
other 3.0 access to
other 3.2 add|create|write|update|improve … runbook|playbook|guide
other 2.9 add|more|increase|larger|bigger … disk|memory|capacity|hardware
other 2.8 add|more|increase|larger|bigger … nodes|servers|instances
other 3.2 add|new node pool|group
other 3.3 add|write|create … unit|integration|regression
other 3.2 add|write|create|build|implement|run … test
other 2.0 apology|apologise|apologize
other 2.0 approval
other 3.2 at least … week|days ahead
other 3.1 auto scaling|scaler
other 3.2 automate … deployment|release|process|steps|provisioning|upgrade
other 3.3 automatic rollback
other 3.1 backward compatible|compatibility
other 3.0 base image
other 2.9 before … fleet|production|merging|deploying|releasing|rollout
other 3.3 blocking merges
other 3.2 block|prevent … merge|deploys
other 3.3 blue green
other 1.7 budget
other 1.9 bug
other 3.0 bundle|bundler|gem|npm|docker image
other 1.9 buy|purchase|procure
other 1.9 calendar|reminder
other 3.2 call tree
other 3.0 canary deployment|release|rollout|deploy|analysis
other 2.0 capacity
other 3.1 certificate|cert … renew|renewal|rotation|automatic|manage
other 3.3 change management|request|control|advisory|freeze|window
other 3.3 chaos engineering|testing|session|experiment
other 2.0 checklist
other 3.2 ci|build|deployment|release|deploy pipeline
other 2.0 ci|cd
other 2.9 clean up
other 3.2 code review
other 2.0 codeowners
other 2.1 communicate|announce|inform
other 2.0 compatibility
other 3.2 continuous integration|deployment|delivery
other 2.1 contract
other 1.9 coordinate|align|alignment
other 3.2 correct|fix … calculation|logic|typo|error|numbering|handling
other 1.6 credential|secret|password|mfa
other 3.2 decision record
other 2.0 decommission|deprecate
other 3.2 dependency|package upgrade|update|version|pinning
other 3.3 deployment|release|response process|procedure
other 1.7 deploy|deployment
other 3.1 docs|documentation|wiki|page on|of|about|for … alert|flag|config|log|retry|failover
other 3.1 document … how|steps|procedure|process|recovery
other 2.1 documentation|docs|wiki|readme
other 2.0 drill|exercise|gameday|tabletop
other 3.2 end to end test
other 2.8 error budget
other 3.1 escalation between|to
other 3.3 escalation path|procedure|policy|process
other 2.0 faq|instructions|howto
other 3.2 fault injection
other 3.2 find|train … second person
other 1.8 fix
other 3.1 fix … bug|issue|leak|regression
other 3.2 follow up with
other 3.3 game day
other 1.7 growth|grow
other 2.1 handbook
other 1.6 headroom|autoscale|autoscaler|overprovision|provision|placeholder
other 1.8 hire|staff|staffing|headcount
other 3.2 how to
other 3.2 improve|change|review|define|establish|formal process|procedure
other 3.1 in the docs
other 2.9 in … process
other 3.1 incident command|commander|lead|channel|bridge|call
other 3.2 incident response|management|process|commander|review
other 3.2 increase … number of … nodes|servers|pods
other 3.2 infrastructure as code
other 2.6 inventory|audit … all|every|existing|other|remaining|our
other 1.8 investigate
other 3.2 least privilege
other 2.0 legal|compliance|gdpr
other 1.7 lessons|learnings
other 2.0 letsencrypt
other 1.9 lint|linter
other 3.1 load test
other 3.0 maintenance window|calendar|schedule
other 3.2 make|simplify|speed … rollback|deploy|release|build
other 2.0 meeting|discuss|agree|decide
other 3.3 memory leak
other 3.2 merge … main|master|production|prs
other 1.8 migrate
other 3.2 mirrors|resemble production
other 3.3 off by one
other 3.2 office hours|weekends|holiday|vacation
other 3.0 old|remaining|legacy … services|systems|hosts|data
other 3.2 on call rotation|schedule|training|handover|rota|coverage
other 3.1 on call … secondary|primary|always|rotation|engineer … training
other 2.7 one click
other 3.2 only … knows|understands
other 3.1 operations|operational readiness|team|guide|manual
other 1.9 ownership|owner
other 3.1 pair … eyes
other 3.1 pair … with
other 2.1 patch
other 3.2 peer review|approval
other 2.0 permission|iam|rbac
other 1.8 pin
other 3.2 pin … version|dependency|package
other 3.1 post mortem
other 2.1 postmortem|retrospective|retro
other 3.1 pre commit
other 3.2 pre scale|provision|warm
other 1.8 procedure|policy|protocol|guideline
other 3.1 process for|of|to|around
other 3.3 production like|data|copy
other 3.1 pull request
other 3.1 query plan|optimisation|optimization
other 1.7 rack|hardware|cabling|firmware
other 3.1 red|green|failing … test|suite|build
other 2.0 refactor|rewrite|redesign|simplify
other 2.1 rehearse
other 3.1 release note|process|checklist|cadence|train
other 3.1 release … process|candidate|validation|verify
other 3.3 remove|delete … unused|dead|obsolete|stale|old
other 2.1 renegotiate
other 1.8 renew|renewal
other 3.3 replace … ageing|aging|old|hardware|rack|disk
other 2.9 replace … with
other 2.1 reproduce|reproduction|repro
other 2.0 resize|upsize
other 2.0 responsible|responsibility|accountable|raci
other 2.0 retire|retired
other 3.1 review … code|change|process|all
other 1.9 roadmap|backlog|prioritize
other 3.0 rollback|roll back|revert
other 3.3 rotate … key|secrets|credentials|certificates
other 3.3 runbook|playbook|guide for|on|about
other 1.9 runbook|playbook|handbook|guide|cookbook
other 3.1 scale up|out|down
other 2.7 schema|database migration|change
other 1.6 script|tooling
other 3.1 second|extra pair
other 1.8 security|vulnerability|encryption
other 2.0 seed|fixtures
other 3.2 separate account|billing
other 3.2 separate … account|environment|repo|repository|branch
other 3.2 share … knowledge|learnings|lessons
other 3.0 staged|gradual|phased|progressive|incremental|slower rollout|deployment|release|roll
other 3.3 staging environment|cluster|deployment|hub|server
other 3.2 static analysis
other 2.6 status page|site
other 3.1 steps for
other 2.0 test
other 3.1 test coverage|suite|case|environment|plan|data|cluster
other 3.1 test … restore|backups|failover
other 3.3 tests for
other 3.1 tickets|issue for
other 1.9 train|onboarding|workshop|knowledge|educate|teach|familiar
other 3.1 type check
other 3.4 unit|integration|regression|smoke|load|e2e|performance|acceptance|stress test
other 3.2 vendor|supplier|support ticket|contract
other 3.1 who may
other 3.1 who owns
other 3.0 write down
other 3.2 write to all|customers
switches 2.1 ^disable
switches 2.1 ^pause
switches 1.6 ^stop
switches 2.1 ^suspend
switches 2.0 ^toggle
switches 3.3 ability|way|option|mechanism to … disable|stop|pause|turn|block
switches 3.2 ability|way|option|mechanism to … suspend|halt|bypass|shut|skip
switches 3.1 accept all
switches 3.2 activated without
switches 3.2 allow … disable|pausing|turning|stopping|switching|override|skipping
switches 3.2 at … word
switches 3.3 back to the old
switches 3.5 behind … flag|toggle|gate|switch
switches 3.2 behind … launchdarkly
switches 3.3 big red button
switches 3.2 block … specific|client|tenant|customer|abusive|ip
switches 3.3 both or nothing|none
switches 2.0 brake
switches 3.4 break glass
switches 3.3 brown out … control|hand
switches 3.2 button … pause|stop|disable|turn|kill
switches 2.2 bypass
switches 3.2 choosing both
switches 3.3 command that|to … puts|drains|stops|pauses|forces|turns
switches 3.2 console … switch|turn|stop|pause
switches 3.2 controls to … quickly|disable|stop|manage|block
switches 3.2 cut … down to
switches 3.3 dark launch
switches 3.3 default … off
switches 2.1 dial
switches 3.2 disable by default
switches 3.2 disable … by default
switches 3.2 disable … emergency|outage|incident|needed
switches 3.2 disable … feature without
switches 3.3 disable … feature|functionality|endpoint|subsystem|integration|globally
switches 3.3 disable … flag
switches 3.2 disable … individually|independently|dynamically|quickly|instantly|manually
switches 3.1 disable|stop|pause|block … without
switches 3.3 emergency stop|shutoff|shutdown|switch|off|brake|override|disable
switches 3.0 feature flag|toggle|gate|switch|flip|flipper
switches 3.2 finer grained controls
switches 3.4 flag for|to|that
switches 2.2 flip
switches 3.2 force … traffic|all|over|back|to
switches 3.2 freeze writes|write|orders
switches 3.3 gate … per|behind|for
switches 2.0 gated
switches 3.2 give … flag|switch|toggle|button
switches 2.2 halt
switches 3.3 hold back
switches 3.1 kill switch
switches 2.0 killswitch
switches 3.3 let us|me|operators|ops|support|duty|staff … exclude|close|stop|switch|disable|suspend
switches 3.3 let us|me|operators|ops|support|duty|staff … turn|shut|hold|cut|drop|pause
switches 2.3 lever
switches 3.2 like to shut|hold|cut|close|drop|stop|pause
switches 3.3 maintenance page
switches 3.1 maintenance|safe|degraded|emergency|panic|lockdown|limited|lite|bypass mode
switches 3.3 manual drain|brake|trip|override|release|exclusion|failover
switches 3.3 manual|manually override|switch|fallback|failover|disable|control|bypass
switches 3.3 means|command|button|control|switch to … disable|stop|pause|turn|block
switches 3.2 means|command|button|control|switch to … suspend|halt|bypass|shut|skip
switches 3.2 non essential|optional … off|functionality|features
switches 3.3 off switch
switches 3.2 on and off
switches 3.3 on off
switches 3.2 on or off
switches 3.3 on|off for … customer|tenant|user
switches 3.3 operators … trip|stop|disable
switches 3.2 operator|operators … can|could|may|must … turn|stop|pause|drain|force|cut|hold|exclude|pin|drop
switches 3.3 ops|operational|runtime toggle|switch|flag
switches 3.3 opt in|out
switches 3.2 panic|stop|off button
switches 2.1 pause|resume
switches 3.2 per tenant|customer|feature switch|toggle|flag|control|disable
switches 3.2 plain … and back
switches 3.4 possible|way|able|ability|option to disable|stop|pause|turn|block
switches 3.3 possible|way|able|ability|option to suspend|switch|shut|bypass|skip|halt
switches 3.1 press … button
switches 3.3 puts … in|into … mode|state
switches 3.4 read only mode
switches 2.1 remotely
switches 3.3 remote|remotely disable|kill|turn
switches 2.0 selectable
switches 3.1 set|activate|activated|switch|switched|turn|drop|exclude|release|released|close … by hand
switches 3.3 shut … off
switches 3.2 state … by hand
switches 3.2 static fallback
switches 3.1 stop … rollout|traffic|consumer|processing|automation
switches 3.0 stop|abort|cancel … running|bulk|job|import|campaign|rollout
switches 2.1 suspendable|pausable|stoppable|switchable
switches 2.2 suspend|suspension
switches 3.4 switch … off
switches 3.1 take … out of service|rotation
switches 3.1 temporarily disable|suspend|stop|pause
switches 2.3 toggle
switches 3.5 turn … off
switches 3.1 without a|an|requiring … app release
switches 3.1 without … deploy|deployment|release
"""


def _read() -> Weights:
    words = {}
    for line in _WORDS.strip().splitlines():
        word, *tenths = line.split()
        words[word] = {id: int(odds) / 10 for id, odds in zip(_PRIORS, tenths, strict=True)}
    phrases = {}
    for line in _PHRASES.strip().splitlines():
        id, odds, phrase = line.split(maxsplit=2)
        phrases[id, phrase] = float(odds)
    return Weights(_PRIORS, words, phrases)


DERIVED = _read()
