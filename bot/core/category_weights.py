"""How much words and phrases say for each category, in log odds. Written by `bench/categories.py --write`.

Counted on 347 hand-labelled action items from the public postmortems and operability issues of 62
organisations. Nothing but the counts is kept, and no word that only one of them uses. A phrase that isn't here
says what is usual.
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
a -1 0 0 0 -1 2
abiliti -4 -5 12 -3 -6 -7
able -4 -5 10 -3 1 -7
about 3 -5 -3 -3 3 2
accept -4 6 -3 7 -6 -7
access 4 -5 -3 -3 -6 6
account -4 -5 -3 -3 2 6
across 8 -5 -3 -3 -6 1
act -4 -5 7 -3 -6 4
actual 6 -5 -3 -3 -6 4
actualli -4 6 -3 7 -6 -7
add -2 -2 0 -1 3 1
additional -4 2 -3 -3 8 -7
address 1 -5 -3 -3 0 5
adjust 1 -5 -3 10 -6 -7
affect -4 11 -3 -3 -6 -7
after 1 -5 -3 6 0 -1
again -4 2 3 3 1 -7
against 2 2 -3 3 -6 0
alarm -4 -5 -3 -3 9 -3
alert -2 -4 -3 -3 9 -6
all 1 -1 1 -3 -2 2
allow -4 4 3 3 -6 -3
also -4 3 5 -3 2 -7
alwai -4 -5 2 6 0 -1
amount -4 -5 -3 -3 10 -7
an -3 -1 3 -3 3 0
and 0 1 -1 -1 1 0
any 3 -5 1 -3 -1 3
api -4 2 4 1 -1 -3
app 1 -2 2 0 0 -1
appli -4 6 7 -3 -6 -7
applicat -4 -5 2 -3 0 5
are 1 -2 -3 4 -3 1
area 6 -5 -3 7 -6 -7
aren 8 -5 -3 -3 -6 1
around 1 -5 -3 -3 6 -1
as 1 -3 -1 2 -1 1
at 4 0 -3 3 -1 -4
attempt -4 -5 12 -3 -6 -7
audit 2 2 -3 3 -6 0
auto -4 3 5 -3 2 -7
automat -4 -5 0 0 -2 6
availabl 2 6 -3 -3 1 -7
averag -4 -5 -3 -3 5 4
awar -4 -5 -3 -3 -6 9
back -4 -5 7 -3 -6 4
backup -4 11 -3 -3 -6 -7
bad -4 -5 7 7 -6 -7
balancer -4 6 7 -3 -6 -7
bas -4 -5 -3 -3 8 0
batch -4 7 -3 5 -6 -7
be -1 0 2 2 -3 0
becom 8 -5 -3 -3 2 -7
been 4 -5 -3 -3 2 1
befor -4 -2 -3 5 0 1
being -1 1 0 4 0 -4
best 6 6 -3 -3 -6 -7
better -1 -5 -3 2 6 -4
between -4 11 -3 -3 -6 -7
big 6 -5 -3 -3 -6 4
block 2 -1 -3 3 1 -3
break 4 -5 5 -3 -6 1
breaker -4 6 7 -3 -6 -7
bug 1 1 6 -3 -6 -1
build -4 6 1 -3 -2 0
but 2 -5 3 -3 1 0
by 2 2 3 -3 -2 -3
call 4 1 0 -3 0 -3
can 1 -3 2 1 -1 0
canari -4 -5 -3 5 7 -7
capabiliti -4 6 7 -3 -6 -7
capaciti -4 4 2 -3 -6 2
case -4 1 6 2 -6 -1
catch 2 -5 -3 3 1 0
caus 5 -2 3 1 -6 -4
certain -4 -5 -3 -3 10 -7
certificat -4 -5 -3 -3 -6 9
chang -2 -1 -2 4 -2 1
chart -4 3 5 -3 2 -7
check -4 2 2 4 -4 -2
checklist -4 -5 -3 -3 1 6
circuit -4 6 7 -3 -6 -7
class 6 -5 -3 -3 5 -7
clean 6 -5 -3 7 -6 -7
clear 2 -5 -3 -3 1 4
cloud -4 7 -3 2 0 -7
cloudwatch 11 -5 -3 -3 -6 -7
cluster -2 1 -1 -3 0 3
code -1 -2 0 3 -6 3
command -4 -5 -3 1 -6 7
communicat -4 -5 -3 -3 -6 9
complet -4 -5 -3 7 5 -7
config -4 -5 2 8 0 -7
configur 1 1 2 -3 3 -7
configurabl -4 -5 -3 12 -6 -7
configurat -2 -5 -3 10 -6 -2
connect -4 6 -3 5 -6 -2
consider -4 3 -3 5 2 -7
context 4 -5 -3 5 -6 1
continu -4 11 -3 -3 -6 -7
control 0 0 7 -3 -6 -2
controller -4 -5 -3 -3 -6 9
correctness -4 6 -3 7 -6 -7
could 2 2 -3 -3 5 -7
count -4 -5 3 3 5 -7
cpu -4 1 -3 -3 6 -1
crash 11 -5 -3 -3 -6 -7
creat -4 -3 -1 -3 3 4
credential -4 -5 -3 7 -6 4
critical -4 1 3 5 -6 -1
current 2 -5 3 -3 5 -7
customer -4 4 2 -3 0 -1
cycl -4 -5 -3 5 -6 6
dashboard -4 4 2 -3 3 -7
data 1 4 0 0 0 -4
databas -4 5 1 1 -6 0
db -4 6 -3 -3 -6 4
debug 8 -1 -3 -3 -2 -3
default -4 2 10 -3 -6 -7
degradat -4 6 -3 -3 5 -7
deliveri -4 11 -3 -3 -6 -7
dependenci -4 4 2 -3 -6 2
deploi 1 -5 2 -3 -6 5
deployment -3 -2 -2 2 -4 5
detect -4 -1 -3 3 6 -7
determin 6 -5 -3 -3 -6 4
dev -4 6 -3 -3 -6 4
did 4 -5 -3 -3 2 1
didn -4 -5 -3 -3 10 -7
difficult 11 -5 -3 -3 -6 -7
direct -4 3 -3 -3 -6 6
disabl -4 -5 12 -3 -6 -7
disk 9 -5 -3 -3 1 -7
displai -4 6 -3 -3 5 -7
do -4 6 -3 -3 -2 2
document -1 -5 1 -3 -6 6
documentat 0 -5 -3 -3 -6 7
doe 6 6 -3 -3 -6 -7
doing -4 -5 3 -3 1 4
domain 4 3 -3 5 -6 -7
don -4 -5 -3 -3 -6 9
down 1 0 2 -3 3 -4
downgrad 11 -5 -3 -3 -6 -7
downtim 1 -5 2 2 0 -1
drift -4 -5 -3 12 -6 -7
drill -4 -5 -3 -3 -6 9
due -4 -5 9 -3 -6 1
during 1 1 6 -3 -6 -1
e -4 -5 2 -3 3 2
each 8 -5 -3 -3 -6 1
earlier -4 -5 -3 -3 10 -7
easier -4 -5 7 -3 -6 4
eliminat 6 6 -3 -3 -6 -7
email -4 2 -3 -3 5 0
emergenci -4 -5 7 -3 -6 4
enabl 5 1 2 -3 -6 -1
end -4 2 -3 -3 -6 6
endpoint -4 3 5 -3 2 -7
enforc -4 -5 7 7 -6 -7
enhanc -4 -5 -3 1 7 -2
enough 4 -5 5 -3 -6 1
ensur -2 -5 0 3 -3 4
environment -4 -5 5 5 -6 1
error 6 0 -2 -2 -1 -4
escalat -4 -5 -3 -3 -6 9
establish 4 3 -3 -3 -6 1
even -4 -5 -3 12 -6 -7
event 2 -5 7 -3 -6 0
everi 6 -5 -3 3 -6 0
exactli -4 -5 -3 -3 -6 9
exampl -4 -5 12 -3 -6 -7
except 11 -5 -3 -3 -6 -7
exception 7 -5 1 -3 2 -7
expect 4 -5 -3 5 -6 1
explicitli -4 2 -3 7 -6 0
fail -4 4 2 -3 0 -1
failover -4 7 -3 5 -6 -7
failur 3 2 -3 -1 0 -2
faster -4 -5 2 2 3 -1
fatal -4 6 -3 -3 5 -7
fault -4 6 -3 -3 -6 4
featur -4 -5 12 -3 -6 -4
few 6 -5 -3 7 -6 -7
figur -4 -5 -3 -3 5 4
file 8 -1 -3 3 -6 -7
fill 11 -5 -3 -3 -6 -7
find -4 7 -3 -3 0 -1
first -4 -5 -3 -3 5 4
fix -4 -2 0 0 2 1
flag -4 -2 12 -3 -6 -7
follow 6 -5 -3 -3 5 -7
for -2 -2 -1 1 3 0
from 3 0 -1 0 -2 0
full -4 -5 5 5 2 -7
function -4 7 -3 5 -6 -7
futur 2 1 -3 0 -6 3
g -4 -5 5 -3 2 1
generat 2 -5 -3 3 1 0
get -1 2 -3 0 2 -1
globalli -4 -5 7 7 -6 -7
goe -4 -5 -3 -3 10 -7
googl -4 -5 7 -3 -6 4
grafana -4 3 -3 -3 7 -7
greater -4 11 -3 -3 -6 -7
green -4 -5 -3 -3 -6 9
group -4 -5 -3 -3 -6 9
had 6 -5 -3 -3 -6 4
halt -4 -5 9 -3 -6 1
handl -4 6 -3 4 -6 -3
happen 4 -5 1 0 3 -7
hard 11 -5 -3 -3 -6 -7
harder 4 -5 -3 -3 -6 6
has -4 -5 -3 7 -6 4
hav 2 -5 3 3 1 -7
have 1 -2 0 -3 5 -3
health -1 4 1 -3 3 -7
helm -4 6 7 -3 -6 -7
high -4 -1 1 -3 7 -7
hit -4 -5 -3 -3 10 -7
host -4 6 7 -3 -6 -7
hour -4 -5 -3 -3 10 -7
how -4 -5 1 -3 -1 6
hub -2 6 -3 -3 -3 0
i -4 -5 7 -3 1 0
identifi 4 -5 -3 1 -1 1
if -4 2 -1 0 1 0
ignor 6 -5 7 -3 -6 -7
imag -4 -5 5 -3 2 1
immediateli -4 -5 5 -3 2 1
impact -4 6 7 -3 -6 -7
implement -4 2 0 1 3 -5
implementat -4 7 5 -3 -6 -7
improv -1 2 -2 -2 3 -2
in 1 0 1 0 -2 0
incident -1 -5 -3 -3 -6 8
includ -4 -5 -3 2 0 5
increas -4 2 -3 7 -6 0
independentli -4 6 7 -3 -6 -7
indicat -4 -5 -3 -3 10 -7
info 11 -5 -3 -3 -6 -7
informat 6 -5 7 -3 -6 -7
infrastructur -4 2 1 -3 -1 3
instanc 0 -5 -3 5 -6 4
instead 1 -5 -3 -3 3 2
integrat 4 -5 -3 -3 2 1
internal -4 6 -3 -3 5 -7
into 3 -1 -3 1 -6 3
introduc 0 3 -3 -3 2 -2
investigat 3 -5 1 -3 2 0
io 6 -5 -3 -3 5 -7
ip 2 -5 -3 7 -6 0
is 0 1 0 1 1 -3
isolat -4 11 -3 -3 -6 -7
issu -2 -1 -3 1 2 1
it 3 3 -1 -1 -2 -3
its 1 4 -3 -3 0 -1
itself -4 -5 -3 12 -6 -7
just 11 -5 -3 -3 -6 -7
keep 8 -5 -3 -3 -6 1
key -4 -5 -3 1 -1 6
kill 1 1 9 -3 -6 -7
kind -4 -5 -3 -3 10 -7
knowledg -4 -5 -3 -3 -6 9
known -4 -5 7 -3 -6 4
last -4 -5 -3 -3 5 4
latest 6 -5 -3 -3 -6 4
launch -4 6 -3 4 -1 -7
lead 8 -5 -3 -3 2 -7
leak -4 6 -3 -3 -6 4
level 11 -5 -3 -3 -6 -7
life -4 6 -3 -3 -6 4
like -4 -5 -3 -3 2 6
limit -4 5 -3 5 0 -7
line 8 -5 -3 5 -6 -7
liv -4 -5 7 -3 -6 4
load -4 5 3 -1 -3 -1
log 10 -5 -3 -3 -2 -5
logger 11 -5 -3 -3 -6 -7
long -1 2 1 0 -2 0
longer 2 2 -3 3 1 -7
look -4 6 -3 7 -6 -7
lot 8 3 -3 -3 -6 -7
lower -4 6 -3 -3 5 -7
machin -4 -5 -3 7 -6 4
made 7 -5 -3 6 -6 -7
main -4 11 -3 -3 -6 -7
maintenanc -4 -5 -3 -3 -6 9
major 4 -5 -3 -3 -6 6
mak 6 -5 -3 7 -6 -7
make -3 1 -3 1 -2 3
manag -4 -5 7 -3 -6 4
management -4 1 2 2 -6 2
manual -4 1 2 -3 -6 5
may -4 -5 -3 -3 1 6
mayb -4 -5 -3 -3 -6 9
mechanism 2 -5 7 -3 1 -7
member -4 -5 -3 -3 -6 9
memori -4 2 -3 -3 4 0
merg -4 -5 -3 5 -6 6
messag 7 -5 -3 -3 3 -7
metric -4 -5 -3 -3 10 -7
migrat 0 0 -3 -3 -6 6
minimiz -4 3 5 -3 -6 1
minut -1 2 -3 -3 5 -3
miss -4 -5 -3 7 -6 4
mode 6 -5 7 -3 -6 -7
monitor -4 -4 -3 -3 10 -7
more 0 -1 -3 2 0 1
mov -4 -5 -3 10 -6 0
move -4 11 -3 -3 -6 -7
multipl -4 6 -3 -3 -6 4
n -4 -5 -3 -3 -6 9
name -4 -5 7 -3 -6 4
necessari 6 -5 -3 7 -6 -7
need -1 -3 1 4 1 -3
network -4 -5 -3 9 2 -7
never -4 6 7 -3 -6 -7
new -4 -5 1 0 -2 5
next 6 -5 -3 -3 -6 4
no 4 -1 -3 0 3 -7
node -2 -3 -3 -3 3 3
noiz 11 -5 -3 -3 -6 -7
non -4 -5 -3 -3 10 -7
not 1 1 -2 1 -2 1
notic 2 -5 -3 -3 8 -7
notifi -1 -5 -3 -3 9 -7
notificat -4 -1 -3 -3 7 -3
now 2 -5 -3 7 1 -7
number -4 1 -3 -3 3 2
observabiliti -4 3 -3 -3 7 -7
of 0 0 0 -1 1 0
off -4 -2 11 -3 -2 -7
often 6 -5 -3 -3 -6 4
old 6 -5 7 -3 -6 -7
on 0 1 0 -3 1 0
one -1 2 0 -3 -3 3
only -4 2 3 -3 1 0
operat 2 2 3 -3 -6 0
operational -4 -5 5 5 -6 1
ops -4 -5 7 -3 -6 4
option -4 -5 12 -3 -6 -7
or 1 -3 1 0 0 1
org 6 -5 -3 -3 5 -7
other -2 3 -3 3 -1 -2
our 3 -1 -2 -2 0 1
out 0 0 2 -3 -1 1
outag 2 -2 5 -3 -2 -1
output 11 -5 -3 -3 -6 -7
outsid 6 -5 -3 -3 -6 4
overload -4 8 -3 -3 -6 0
packag 4 -5 -3 -3 -6 6
pag -4 -5 -3 -3 10 -7
parameter -4 -5 7 7 -6 -7
part -4 -5 -3 4 4 0
pattern -4 3 5 -3 2 -7
paus -4 -5 7 -3 -6 4
pending -4 2 -3 -3 5 0
peopl -4 -5 -3 -3 -6 9
perform -4 2 -3 -3 -6 6
period -4 -5 7 -3 5 -7
permission -4 -5 -3 -3 -6 9
person -4 -5 -3 -3 5 4
pipelin -4 3 -3 -3 -6 6
plan -4 3 -3 1 2 -2
playbook -4 -5 7 -3 -6 4
pod -4 4 -3 -1 4 -3
point -4 11 -3 -3 -6 -7
polici -4 6 -3 -3 -6 4
pool -4 7 -3 2 -6 -1
possibl -4 3 -3 5 -6 1
post 8 3 -3 -3 -6 -7
potential 6 -5 -3 -3 -6 4
potentialli -4 7 -3 5 -6 -7
prevent -2 4 -3 1 -6 1
prior -4 -5 -3 -3 -6 9
prioriti -4 0 -3 -3 7 -2
probabli -4 3 -3 5 -6 1
problem 0 0 -3 5 -1 -2
problematic -4 -5 10 -3 1 -7
procedur -4 0 2 -3 -6 6
process -4 -3 -1 1 -2 5
prod -4 3 -3 -3 -6 6
production 1 -5 -3 -1 -2 5
progress 6 -5 -3 -3 5 -7
prometheus -4 3 -3 -3 7 -7
promot -4 -5 -3 7 -6 4
provision -4 -5 -3 -3 -6 9
proxi -4 7 -3 -3 -6 1
prs -4 -5 7 -3 -6 4
push -4 -5 -3 7 5 -7
put -4 6 -3 7 -6 -7
queri 4 -5 -3 -3 2 1
queu -4 3 2 -3 5 -7
quick -4 3 -3 -3 2 1
quickli -4 -5 3 -3 8 -7
quota -4 11 -3 -3 -6 -7
rabbitmq -4 -5 -3 -3 5 4
rate 2 2 -3 3 1 -7
rather 2 6 3 -3 -6 -7
re 1 1 -3 -3 3 -1
read -4 3 5 -3 2 -7
readiness -4 3 -3 -3 2 1
real 9 1 -3 -3 -6 -7
realli 6 -5 -3 7 -6 -7
reason 6 -5 -3 -3 5 -7
recommend -4 -5 -3 -3 5 4
recoveri -4 0 -3 1 -1 4
reduc 6 6 -3 -3 -6 -7
registrat -4 -5 12 -3 -6 -7
regular -4 11 -3 -3 -6 -7
regularli -4 -5 7 -3 -6 4
relat 1 -5 2 -3 -6 5
releas -4 -5 3 3 -6 4
remov -4 7 2 -3 -6 -2
report 5 1 -3 2 0 -7
request 1 4 -3 -3 1 -2
requir -4 -5 7 3 -6 0
resolution -4 6 -3 -3 -6 4
resolv -4 -5 -3 -3 2 6
resourc -4 6 -3 -3 1 0
respond -4 -5 -3 -3 2 6
respons -4 -5 -3 -3 1 6
restart -4 1 -3 6 -2 -1
result 4 3 -3 -3 2 -7
retri 2 8 -3 -3 -6 -7
revert -4 -5 -3 3 1 4
review 3 -5 -3 1 -1 3
robust -4 4 -3 2 0 -1
rollback -4 -5 -3 -3 -6 9
rotat 7 1 -3 -3 -6 -1
run -4 2 -3 3 -1 1
runbook -4 -5 -3 -3 -6 9
runtim -4 -5 -3 12 -6 -7
same 4 7 -3 -3 -6 -7
scal -4 -5 -3 -3 0 7
schedul -4 2 -3 -3 1 4
search -4 6 7 -3 -6 -7
second -4 1 -3 6 0 -1
secret -4 -5 -3 7 -6 4
see 6 6 -3 -3 -6 -7
send -4 -5 -3 -3 10 -7
sent 6 -5 -3 -3 -6 4
sentri 11 -5 -3 -3 -6 -7
separat 0 3 -3 1 -6 1
server -4 4 -3 0 3 -3
servic 0 4 -1 -3 0 -1
set -2 -2 -3 5 4 -4
setting -4 -5 4 8 -1 -7
setup 0 2 -3 -3 2 0
shar -4 3 -3 -3 -6 6
short 4 -5 -3 5 -6 1
should 0 0 -1 0 0 1
show 4 3 -3 5 -6 -7
shut -4 -5 12 -3 -6 -7
signal -4 -5 -3 -3 10 -7
silentli 11 -5 -3 -3 -6 -7
similar -4 3 -3 1 -1 1
singl -4 8 -3 -3 -6 0
site 4 -5 -3 -3 2 1
size 2 -5 -3 3 5 -7
slow 2 8 -3 -3 -6 -7
so 1 1 -1 1 -1 -1
some -4 3 -3 5 2 -7
someth -4 -5 5 -3 7 -7
sort 6 -5 7 -3 -6 -7
spac 8 -5 -3 -3 2 -7
specific -4 3 -3 5 2 -7
spik -4 -5 -3 -3 8 0
split -4 3 -3 -3 -6 6
stack 7 1 -3 -3 -6 -1
stackdriver -4 -5 -3 -3 10 -7
stag -4 -5 -3 2 -6 7
stand -4 -5 -3 -3 -6 9
standard -4 -5 -3 -3 7 1
start -4 7 -3 5 -6 -7
stat -4 5 -3 -3 2 0
status 1 -5 -3 -3 6 -1
step -4 -5 -3 -3 -6 9
stop -1 4 3 -3 -2 -3
stor -4 6 -3 -3 5 -7
storag -4 6 -3 7 -6 -7
strengthen -4 6 -3 7 -6 -7
stricter 6 -5 -3 -3 -6 4
stuck 6 -5 -3 -3 5 -7
subsystem -4 11 -3 -3 -6 -7
such -4 -5 -3 7 -6 4
suit -4 -5 -3 -3 -6 9
support -4 3 -3 -3 -6 6
sure -4 -5 -3 1 2 4
sustain -4 -5 -3 -3 10 -7
swallow 11 -5 -3 -3 -6 -7
switch -4 -5 12 -3 -6 -7
system 0 -5 2 1 -1 1
take -4 4 2 -3 3 -7
team -4 -1 3 -3 -2 4
temporarili -4 -5 7 -3 -6 4
term -4 -5 -3 9 2 -7
terraform -4 -5 -3 10 -6 0
test -4 -4 -2 -1 0 5
than 1 2 0 -3 0 -1
that 0 -1 -1 -1 1 1
the -1 1 1 0 -1 0
their -4 11 -3 -3 -6 -7
them -4 -5 2 2 -6 5
ther 5 -5 -3 -1 2 -2
thes 0 -5 -3 -3 7 -3
they 1 2 -3 -3 1 0
thing 5 -5 -3 -3 3 -1
this 1 -2 -1 -1 1 1
thos 3 -1 -3 1 -6 3
threshold -4 -5 -3 -3 10 -7
through -4 11 -3 -3 -6 -7
time 0 2 -3 2 -1 0
timeout -4 0 -3 9 -6 -2
to 0 1 1 0 -2 1
toggl -4 -5 12 -3 -6 -7
too 3 5 1 1 -6 -7
tool -4 2 -3 3 1 0
trac 11 -5 -3 -3 -6 -7
track 7 -5 -3 -3 3 -7
traffic -4 5 3 -3 0 -3
treat -4 -5 -3 -3 5 4
trigger -4 -5 -3 -3 10 -7
true 6 -5 7 -3 -6 -7
try 1 7 -3 -3 -6 -1
turn 2 -5 10 -3 -6 -7
two 6 -5 -3 -3 5 -7
unavailabl 6 6 -3 -3 -6 -7
under 4 -5 -3 -3 2 1
unhealthi -4 7 -3 -3 0 -1
until -4 -5 -3 -3 -6 9
up 4 -3 -3 -1 1 0
updat -4 -2 3 1 -3 2
upload 6 -5 7 -3 -6 -7
upstream 8 -5 -3 -3 -6 1
us -1 -5 -3 0 3 2
usag -4 -5 5 -3 7 -7
use -1 -2 -3 -3 0 5
used -4 -5 -3 -3 -6 9
useful 6 -5 7 -3 -6 -7
user 1 1 0 0 -2 1
using 1 1 -3 6 0 -7
validat -4 -1 -3 8 -6 0
variabl -4 -5 9 5 -6 -7
version -4 -5 -3 3 -6 6
very 6 -5 -3 -3 -6 4
via -4 2 -3 7 1 -7
visibiliti -4 -5 -3 -3 10 -7
volum 6 6 -3 -3 -6 -7
wait -4 -5 -3 -3 10 -7
want 6 -5 7 -3 -6 -7
warn 7 -5 -3 -3 -6 3
was 4 -5 0 3 -3 0
way -1 4 -3 -3 1 0
we 3 -4 0 0 1 0
were 8 -5 2 -3 -1 -7
what 9 -5 -3 -3 -6 0
when -2 0 -1 -2 4 -2
whenever -4 -5 -3 5 2 1
which 6 -2 -3 0 -2 -1
whil 4 -5 -3 -3 -6 6
whol 6 -5 -3 7 -6 -7
why -4 -5 -3 -3 10 -7
will -4 -2 5 3 -2 -1
with 1 -2 -2 -2 0 3
within -4 3 -3 5 2 -7
without -4 -2 4 7 -6 -2
work -1 1 0 -3 0 2
would -1 -2 5 -3 -2 1
writ 0 -1 1 -3 -1 3
wrong -4 -5 -3 -3 5 4
zookeeper -4 -5 -3 5 7 -7
"""

# A category, what the phrase says for it, the phrase.
_PHRASES = """
config 3.4 adjust … without
config 2.2 adjustable
config 3.8 apache|nginx|haproxy|envoy|varnish|vcl config|configuration|change|values
config 3.6 at runtime
config 3.4 bad|invalid|wrong|incorrect|erroneous config|configuration|settings|value
config 1.8 bgp|routing|filters
config 3.4 buffer size
config 3.4 changed without
config 3.4 command line option|argument|flag
config 2.2 configurable
config 3.7 configuration management|validation|review|drift|change|file|option|parameter|format
config 1.9 config|configuration|configure
config 3.4 config|configuration|firewall|routing|network changes
config 3.4 correct|fix … setting|config|configuration|value|parameter|interval
config 2.2 drift
config 2.4 environment|env variable|var
config 3.6 explicitly set
config 2.2 externalize|externalization
config 2.2 hardcoded
config 3.4 increase|decrease|lower|raise|adjust|change … buffer|ttl|interval|worker
config 2.6 ip addresses|hostnames
config 3.4 limits … runtime
config 3.6 make … configurable
config 3.4 missing setting|key|config|variable
config 1.8 parameter|parameterize
config 2.6 raise|increase|reduce … pool|value|parameter|setting|threshold|limit … to|from
config 3.4 rolled|propagated|pushed … incrementally|gradually
config 3.8 runtime config|configuration|setting
config 2.2 setting
config 3.6 terraform drift|plan|state
config 3.4 took|take|needs|requires … rebuild|redeploy|release|deploy|deployment|restart
config 1.8 ulimit|sysctl|kernel
config 3.3 validate|check|lint|verify|test … config|configuration|settings
config 2.8 without … deploy|deployment|release|code
config 3.4 without … redeploy|rebuild|recompile|recompilation|restart
config 3.4 worker count|processes
failure 3.3 ^if|when … fail|down|unavailable|unreachable|slow
failure 2.2 ^isolate
failure 2.2 ^retry
failure 3.3 automatic|automatically restart|recover|recovery|failover
failure 2.6 back up
failure 2.3 backup
failure 3.3 batch … requests|writes|calls|updates
failure 3.3 blast radius
failure 2.2 cache
failure 1.5 cascade
failure 2.7 circuit breaker|breaking
failure 3.3 circular dependency
failure 3.3 connection|descriptor|goroutine|thread leak
failure 2.2 contention
failure 1.7 crash
failure 2.6 crash loop
failure 3.3 degree of separation
failure 2.2 eviction|evicted
failure 1.7 exhaust|exhaustion
failure 3.3 exponential backoff
failure 3.3 fail fast|open|closed|safe|static
failure 1.9 failover
failure 3.3 failover procedure
failure 2.7 failure domain
failure 2.2 fallback
failure 3.3 fault domain|tolerance|tolerant|isolation
failure 3.3 file descriptor
failure 3.3 graceful degradation
failure 2.3 graceful|gracefully
failure 2.8 handle … error|failure|exception|missing|unavailable|slow|invalid|null|empty
failure 3.3 handling of
failure 2.2 harden
failure 2.8 health check|probe
failure 1.7 healthcheck
failure 2.2 if|when … gone|dead|missing|fails|lost|absent|broken|full
failure 3.3 in batches
failure 2.6 input validation
failure 2.6 instead of … 500|crash|error|failing|blocking|hanging
failure 2.4 isolate
failure 3.5 limit … number|size|amount|concurrency|concurrent|connections|requests|memory|cpu
failure 1.9 liveness|readiness
failure 3.3 liveness|readiness probe|check
failure 3.3 load shed
failure 2.7 make … robust|resilient|reliable|tolerant
failure 2.7 memory|cpu|resource|connection|size|request limit
failure 3.3 multi az|region|cluster|zone
failure 3.3 multiple availability zones|regions
failure 3.3 never block|crash|lose|orphan
failure 3.3 not affect
failure 2.2 nullable
failure 1.7 oom
failure 2.2 overload
failure 3.3 prioritise|prioritization|prioritisation … traffic|requests|jobs
failure 3.3 priority … queue|traffic|jobs|requests
failure 1.7 queueing
failure 2.3 quota
failure 2.7 rate limit|limiter
failure 1.7 redundant|redundancy
failure 3.3 removed … from rotation|cluster|pool
failure 3.5 remove|reduce|eliminate … dependency
failure 1.7 replica|replicate
failure 3.3 resource requests
failure 2.8 restart|relaunch|respawn … when|if|unhealthy|pod|process|itself
failure 2.2 retry|retriable|retryable
failure 3.5 robust|resilient to|against|when
failure 1.5 robust|robustness
failure 2.6 separate|split … from
failure 2.6 separate|split … pool|queue|cluster|instance|database|process|service
failure 3.3 separation between
failure 3.3 shared … cluster|database|redis|instance
failure 3.5 single point of failure
failure 1.7 starve|starvation
failure 1.5 stuck|hung|hang
failure 3.3 take|took|bring down … rest|everything|whole|others|app|site|service
failure 3.6 thread|connection|worker pool
failure 1.7 throttle
failure 3.3 time out
failure 1.2 timeout
failure 3.3 too many services|requests|connections
failure 2.2 unbounded|bounded
failure 2.0 unhealthy
failure 1.8 when|if … down|unavailable|unreachable|slow|unresponsive
logging 3.4 ^keep … log
logging 2.3 ^log
logging 3.4 ^log … when|which|every|all|the
logging 3.6 access|error|audit|application|slow log
logging 3.4 add … debug|diagnostic|trace
logging 2.2 add … logging
logging 3.4 cause … unknown
logging 2.6 descriptive|meaningful|actionable|useful|generic error|message|exception
logging 3.4 diagnostic output|information|message
logging 3.6 downgrade … log|logger
logging 2.3 drown
logging 3.4 empty catch|except
logging 3.6 error reporting
logging 3.4 error|exception … logged
logging 3.4 exc_info
logging 3.6 exception|error … swallowed
logging 3.4 except|catch block
logging 3.4 excessive|unnecessary|redundant|duplicate|verbose logging
logging 3.0 log
logging 3.4 log file … big|large|huge
logging 3.4 log line
logging 3.4 log message
logging 3.8 log rotation
logging 3.4 log … as|at debug|info|warning|expected
logging 3.4 log … error|exception|failure
logging 3.4 log … reason
logging 2.5 logger
logging 2.3 logrotate
logging 3.4 logs … lost|missing|gone|unavailable
logging 3.4 logs … noisy
logging 3.4 logs … too big|large|verbose
logging 3.4 more|better|additional|detailed|improve logging
logging 3.4 no trace
logging 2.3 noise
logging 3.4 noise in … error tracking
logging 3.6 not log
logging 3.4 old log files
logging 3.4 overly|too verbose
logging 3.4 reduce … logging
logging 3.4 rotate … logs
logging 2.5 sentry
logging 3.4 sentry … noise
logging 3.8 silently swallow|ignore|discard|drop|fail|catch
logging 2.3 silent|silently
logging 3.4 size of … logs
logging 2.3 spam
logging 2.3 squelch
logging 3.8 stack trace
logging 2.3 stacktrace|traceback|backtrace
logging 3.6 swallow … exception|error|failure
logging 2.3 syslog|rsyslog|journald|logstash|fluentd|fluentbit|filebeat
logging 3.6 unable|hard|difficult|impossible to debug
logging 3.4 vague|cryptic|misleading|unhelpful|clear|clearer error|message|exception
logging 2.3 verbose|verbosity
logging 3.4 volume of logs
monitoring 2.7 ^monitor
monitoring 3.7 add|create|set|setup|implement … alert|alarm|monitor|metric|dashboard
monitoring 2.2 alarm
monitoring 3.3 alert … trigger|fire|fired|silent|silenced|missed|routed
monitoring 3.6 alert|alarm … backup|replication|replica|memory|cpu|disk|queue
monitoring 3.4 alert|alarm … pool|connection|retry|timeout|log|deploy|config
monitoring 3.7 alert|alarm|notify|page … when|if
monitoring 2.4 alert|alertmanager
monitoring 4.2 better|improve|additional|more|enhance monitoring|alerting|observability
monitoring 2.9 be|get notified|alerted|paged|emailed|pinged
monitoring 3.3 billing|cost alert|report|alarm
monitoring 2.1 correlate
monitoring 1.7 dashboard
monitoring 3.5 delete|remove|clean|review|audit|tune|adjust|fix … alert|alarm|monitors
monitoring 2.5 detect … earlier|faster|sooner|quickly|automatically
monitoring 2.9 detect … issue|problem|outage|degradation|failure
monitoring 2.0 detection
monitoring 3.3 error tracking|monitoring
monitoring 1.8 grafana|prometheus|datadog|pagerduty|opsgenie|victorops|cloudwatch|nagios
monitoring 1.7 graph|chart
monitoring 2.7 health dashboard|monitor|metric
monitoring 2.1 inbox
monitoring 2.1 know|tell|see when|if|whether
monitoring 3.3 leading indicator
monitoring 1.7 measure
monitoring 2.4 metric
monitoring 2.5 monitor
monitoring 3.3 notify|notification … when|if|team|us|everyone|channel|slack|on
monitoring 1.7 observability|telemetry|instrumentation|instrument
monitoring 3.3 pager duty
monitoring 3.3 page|ping|email|sms … us|me|someone|everybody|everyone|oncall|the
monitoring 3.3 paging threshold|policy|rule|system
monitoring 3.3 paging … on call
monitoring 3.4 queue depth|length|age|lag
monitoring 3.4 send … alert|notification|email|message
monitoring 2.3 sensor|signal
monitoring 2.1 spike
monitoring 3.3 status indication|indicator
monitoring 1.7 synthetics
monitoring 2.6 threshold
monitoring 3.3 track … rate|number|latency|usage|age|depth|lag
monitoring 2.3 visibility
monitoring 1.9 warn at|us|when|about|before
monitoring 3.3 watch … for
monitoring 2.6 zabbix|pingdom|statsd|newrelic|honeycomb|stackdriver|icinga|sensu|opentelemetry
other 2.7 ^add … test
other 2.8 ^add|write|create|update|improve … handbook|checklist|documentation|docs
other 3.6 ^add|write|create|update|improve … runbook|playbook|guide
other 1.7 ^ask
other 2.1 ^automate
other 2.1 ^discuss
other 2.2 ^document
other 1.6 ^establish
other 3.3 ^figure out
other 2.2 ^freeze
other 1.6 ^investigate
other 2.5 ^look into
other 1.8 ^review
other 2.1 ^schedule
other 1.3 ^test
other 3.6 ^write|add … test … for|that
other 3.3 access to
other 3.4 add|create|write|update|improve … runbook|playbook|guide
other 1.8 add|more|increase|larger|bigger … disk|memory|capacity|hardware
other 1.9 add|more|increase|larger|bigger … nodes|servers|instances
other 3.4 add|new node pool|group
other 3.3 add|write|create … unit|integration|regression
other 2.7 add|write|create|build|implement|run … test
other 3.4 automate … deployment|release|process|steps|provisioning|upgrade
other 2.5 backward compatible|compatibility
other 3.3 blocking merges
other 3.3 blue green
other 1.3 bug
other 2.1 calendar|reminder
other 1.7 capacity
other 3.3 change management|request|control|advisory|freeze|window
other 3.3 chaos engineering|testing|session|experiment
other 1.9 checklist
other 2.3 ci|cd
other 2.5 clean up
other 3.3 code review
other 2.1 communicate|announce|inform
other 1.8 compatibility
other 3.3 continuous integration|deployment|delivery
other 1.7 credential|secret|password|mfa
other 2.1 decommission|deprecate
other 3.3 dependency|package upgrade|update|version|pinning
other 3.5 deployment|release|response process|procedure
other 1.5 deploy|deployment
other 2.7 document … how|steps|procedure|process|recovery
other 2.3 documentation|docs|wiki|readme
other 2.2 drill|exercise|gameday|tabletop
other 3.3 end to end test
other 3.3 error budget
other 3.4 escalation path|procedure|policy|process
other 2.1 faq|instructions|howto
other 3.3 fault injection
other 1.7 fix
other 3.3 fix … bug|issue|leak|regression
other 2.1 headroom|autoscale|autoscaler|overprovision|provision|placeholder
other 2.4 how to
other 3.3 in … process
other 3.8 incident response|management|process|commander|review
other 3.3 increase … number of … nodes|servers|pods
other 3.3 infrastructure as code
other 1.9 inventory|audit … all|every|existing|other|remaining|our
other 1.4 investigate
other 2.1 letsencrypt
other 3.3 load test
other 1.8 meeting|discuss|agree|decide
other 3.3 memory leak
other 3.3 merge … main|master|production|prs
other 1.9 migrate
other 3.3 mirrors|resemble production
other 2.6 operations|operational readiness|team|guide|manual
other 2.4 permission|iam|rbac
other 3.3 pin … version|dependency|package
other 2.5 post mortem
other 3.3 pre scale|provision|warm
other 2.2 procedure|policy|protocol|guideline
other 2.7 process for|of|to|around
other 3.3 production like|data|copy
other 3.3 red|green|failing … test|suite|build
other 1.7 refactor|rewrite|redesign|simplify
other 2.5 release … process|candidate|validation|verify
other 3.4 review … code|change|process|all
other 1.9 runbook|playbook|handbook|guide|cookbook
other 1.4 script|tooling
other 1.7 security|vulnerability|encryption
other 2.1 seed|fixtures
other 3.3 separate account|billing
other 3.3 separate … account|environment|repo|repository|branch
other 3.4 staging environment|cluster|deployment|hub|server
other 2.6 status page|site
other 2.1 test
other 3.5 test coverage|suite|case|environment|plan|data|cluster
other 2.5 test … restore|backups|failover
other 3.4 tests for
other 2.5 tickets|issue for
other 2.2 train|onboarding|workshop|knowledge|educate|teach|familiar
other 2.8 unit|integration|regression|smoke|load|e2e|performance|acceptance|stress test
other 3.3 write down
switches 1.8 ^stop
switches 2.9 ability|way|option|mechanism to … disable|stop|pause|turn|block
switches 3.5 ability|way|option|mechanism to … suspend|halt|bypass|shut|skip
switches 2.9 allow … disable|pausing|turning|stopping|switching|override|skipping
switches 3.5 break glass
switches 3.5 controls to … quickly|disable|stop|manage|block
switches 3.5 disable by default
switches 3.5 disable … by default
switches 3.5 disable … emergency|outage|incident|needed
switches 3.5 disable … feature without
switches 3.7 disable … feature|functionality|endpoint|subsystem|integration|globally
switches 3.5 disable … individually|independently|dynamically|quickly|instantly|manually
switches 4.5 feature flag|toggle|gate|switch|flip|flipper
switches 3.5 finer grained controls
switches 3.9 flag for|to|that
switches 2.3 flip
switches 1.8 gated
switches 2.3 halt
switches 3.9 kill switch
switches 2.3 killswitch
switches 2.6 maintenance|safe|degraded|emergency|panic|lockdown|limited|lite|bypass mode
switches 3.5 means|command|button|control|switch to … disable|stop|pause|turn|block
switches 3.5 off switch
switches 3.5 on and off
switches 3.5 on off
switches 3.5 on or off
switches 3.7 ops|operational|runtime toggle|switch|flag
switches 3.5 opt in|out
switches 2.1 pause|resume
switches 3.7 possible|way|able|ability|option to disable|stop|pause|turn|block
switches 3.5 read only mode
switches 4.1 shut … off
switches 2.6 stop … rollout|traffic|consumer|processing|automation
switches 2.3 suspend|suspension
switches 3.5 switch … off
switches 3.5 take … out of service|rotation
switches 2.9 temporarily disable|suspend|stop|pause
switches 2.6 toggle
switches 3.7 turn … off
switches 3.5 without a|an|requiring … app release
switches 2.9 without … deploy|deployment|release
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
