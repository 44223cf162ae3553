"""Words that names and addresses are written with in more than one way, and what sort of word they are.

Curated by hand: a word stands here if leaving it out, or writing it otherwise, hardly ever makes another
customer. Deliberately absent: anything learned from a list of customers.
"""

from functools import cache, lru_cache

from nicknames import NickNamer

from .given_names import GIVEN_NAMES


def _table(text: str) -> dict[str, str]:
    """`written=meant` pairs; several ways of writing before one sign are parted by commas."""
    table: dict[str, str] = {}
    for entry in text.split():
        written, _, meant = entry.partition("=")
        table |= dict.fromkeys(written.split(","), meant)
    return table


#: So many answers about two names are kept at hand.
PAIRS_KEPT = 20_000
#: What is noted beside a name for whoever deals with the customer, and is no part of it.
NOTES = frozenset(
    each.strip()
    for each in (
        "do not call, dnc, do not text, do not email, do not mail, do not use, do not service, do not book, cod, c o d, "
        "cash only, cash, check only, checks only, no checks, card only, credit card only, prepay, prepaid, prepay only, "
        "pay first, pay up front, vip, hold, on hold, credit hold, past due, collections, in collections, slow pay, "
        "bad debt, call first, call ahead, text only, gate code, has gate code, dog, dogs, beware of dog, tax exempt, "
        "exempt, paperless, email only, no email, email invoice, email invoices, active, preferred, important"
    ).split(",")
)
#: Words that may be left out of any name.
FILLING = frozenset("the and of an for at in to".split())
#: How somebody is addressed, and whether as a man or as a woman.
TITLES = {
    "mr": "man",
    "sir": "man",
    "mrs": "woman",
    "ms": "woman",
    "miss": "woman",
    **dict.fromkeys("dr prof professor rev reverend hon atty capt sgt".split(), ""),
}
#: What stands behind somebody's name.
DEGREES = frozenset("md dds dmd dvm phd esq cpa rn od dc pe".split())
GENERATIONS = _table("jr,junior=jr sr,senior=sr ii,2nd=ii iii,3rd=iii iv,4th=iv v=v vi=vi vii=vii viii=viii")
LEGAL_FORMS = _table(
    "llc=llc inc,incorporated=inc ltd,limited=ltd corp,corporation=corp co,company=co llp=llp pllc=pllc "
    "pc=pc lp=lp pa=pa plc=plc gmbh=gmbh"
)
#: Of these every firm may be one, so that they contradict no other form.
VAGUE_FORMS = frozenset({"co"})
SIDES = _table(
    "north,northern=north south,southern=south east,eastern=east west,western=west northeast=northeast "
    "northwest=northwest southeast=southeast southwest=southwest upper=upper lower=lower front=front "
    "rear=rear left=left right=right downtown=downtown uptown=uptown"
)
#: Northside is not Southside, though two letters are all that differs.
SIDES_AS_STARTS = ("north", "south", "east", "west", "upper", "lower")
SIDE_LETTERS = _table("n=north s=south e=east w=west ne=northeast nw=northwest se=southeast sw=southwest")
#: Behind these a letter or a number says which one.
DESIGNATORS = frozenset(
    "unit apt apartment suite ste lot phase building bldg floor room rm store no number number# space spc "
    "block tower branch site location section wing".split()
)
NUMBERS = _table(
    "zero=0 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 "
    "first=1 second=2 third=3 fourth=4 fifth=5 sixth=6 seventh=7 eighth=8 ninth=9 tenth=10"
)
#: Of a service the first hour is no hour.
ORDINALS = _table(
    "first=1st second=2nd third=3rd fourth=4th fifth=5th sixth=6th seventh=7th eighth=8th ninth=9th tenth=10th"
)
#: What a firm may add to its name or leave out without becoming another one.
SOFT = frozenset("company service group team enterprise usa".split())

#: Ways of writing one word; the first letters of each word are kept.
ABBREVIATIONS = _table(
    "acct,accts=account admin=administration amer=american apts,apt,apartment,apartments=apartment "
    "appl=appliance arch=architects assoc,assocs,associates,associate=associate assn,association=association "
    "asst=assistant auth=authority auto,automotive=automotive ave,av=avenue bldg,bldgs,building,buildings=building "
    "bldrs,builder,builders=builder blvd=boulevard bros,brother,brothers=brother bus=business cath=catholic "
    "chiro=chiropractic ch=church cir=circle clg=cooling cmty=community cncl=council coll=college "
    "cond,condo,condos,condominium,condominiums=condominium const,constr,construct,cnstr=construction "
    "contr,contractors,contracting,contractor=contractor ctr,cntr,ctrs,center,centers,centre=center "
    "cty,cnty=county ct=court dept=department dev,devt=development distr=distributing "
    "elec,elect,electrical=electric elem=elementary eng,engr=engineering ent,ents,enterprises=enterprise "
    "equip,eqpt=equipment est,ests,estates=estate exp=express fam=family fin=financial fl,flr=floor fdn=foundation "
    "ft=fort gdn,gdns,gardens=garden gen=general govt=government grp,groups=group hdwe=hardware "
    "htg=heating hlth=health hosp=hospital hwy=highway hts=heights hvac=hvac ind,indus=industries "
    "inds,industries,industry=industries ins=insurance inst=institute intl=international inv=investments "
    "invs,investment,investments=investments jct=junction lab,labs,laboratories=laboratory ldscp,landscape=landscaping "
    "lib=library lk=lake ln=lane maint,mtce=maintenance mfg=manufacturing mfr=manufacturer mech=mechanical "
    "med=medical meml,mem=memorial mgmt,mgt,mgmnt,mngmt,mgnt=management mgr=manager mkt=market mktg=marketing "
    "mt,mtn=mountain mun,muni=municipal natl,nat=national ofc=office orch=orchard org=organization phys=physical "
    "pk,prk=park pkg=packaging pkwy=parkway pl=place plbg,plmb,plmbg=plumbing plz=plaza pres=presbyterian "
    "pro,profl=professional prod,prods,products=product prop,props,properties,property=property "
    "pt=point rd=road rec=recreation ref,refrig=refrigeration rehab=rehabilitation rest,rstrnt=restaurant "
    "rlty=realty rm=room sch,schl=school sci=science sec=security sol,solns,solutions=solution sq=square "
    "srv,srvs,svc,svcs,serv,services=service sta=station ste=suite stor=storage sup,sply,supplies=supply "
    "sys,systems=system tech,techs,technologies=technology ter=terrace tr,trl=trail trans=transport "
    "twp=township univ=university util,utils,utilities=utility vet=veterinary vlg,vill=village vly=valley "
    "whse=warehouse xing=crossing yr=year"
)
#: A word of these stands for several.
SPELLED_OUT = {"hoa": ("homeowner", "association"), "ac": ("air", "conditioning")}
#: The kinds of streets, as the post writes them.
STREET_KINDS = _table(
    "street,st,str=st avenue,ave,av,aven=ave road,rd=rd drive,dr,drv=dr lane,ln=ln court,ct,crt=ct "
    "boulevard,blvd,boul=blvd place,pl=pl terrace,ter,terr,tce=ter circle,cir,circ,crcl=cir square,sq=sq "
    "parkway,pkwy,pky=pkwy highway,hwy,hiway=hwy trail,trl=trl way,wy=way crescent,cres,cr=cres close,cl=cl "
    "alley,aly=aly loop=loop plaza,plz=plz point,pt=pt ridge,rdg=rdg run=run row=row crossing,xing=xing "
    "expressway,expy=expy freeway,fwy=fwy turnpike,tpke=tpke path=path walk=walk cove,cv=cv pike=pike"
)
TOWN_WORDS = _table("st=saint ste=sainte mt=mount ft=fort pt=port n=north s=south e=east w=west hts=heights")
UNIT_WORDS = frozenset(
    "apartment apt unit suite ste room rm lot building bldg floor fl space spc flat".split()
)

#: Addresses at which no one person reads.
ROLES = frozenset(
    "info office admin contact sales billing accounts accounting accountspayable ap ar support help service "
    "services hello mail email enquiries inquiries manager management orders reception frontdesk team".split()
)
#: Where anybody may have an address.
MAIL_HOUSES = frozenset(
    "gmail googlemail yahoo hotmail outlook live msn aol icloud me mac comcast verizon att sbcglobal cox "
    "bellsouth charter earthlink gmx proton protonmail ymail rocketmail zoho mail example".split()
)

#: Short names of one given name, or of spellings of it. A short name of men and women alike is not here.
_SHORT_NAMES = {
    "abe": "abraham", "al": "albert alan allen alfred", "andy": "andrew", "art": "arthur", "barb": "barbara",
    "becky": "rebecca", "ben": "benjamin", "bernie": "bernard", "bert": "albert herbert bertram",
    "beth": "elizabeth", "betsy": "elizabeth", "betty": "elizabeth", "bev": "beverly", "bill": "william",
    "billy": "william", "bob": "robert", "bobby": "robert", "brad": "bradley bradford", "cathy": "catherine",
    "chuck": "charles", "cindy": "cynthia", "cliff": "clifford clifton", "connie": "constance", "dan": "daniel",
    "danny": "daniel", "dave": "david", "deb": "deborah debra", "debbie": "deborah debra", "dick": "richard",
    "don": "donald", "donny": "donald", "doug": "douglas", "ed": "edward edwin edgar", "eddie": "edward edwin",
    "ernie": "ernest", "fred": "frederick", "gabe": "gabriel", "gene": "eugene", "geoff": "geoffrey",
    "greg": "gregory", "hank": "henry", "hal": "harold", "herb": "herbert", "jake": "jacob", "jeff": "jeffrey",
    "jen": "jennifer", "jenny": "jennifer", "jerry": "gerald jerome", "jim": "james", "jimmy": "james",
    "joe": "joseph", "joey": "joseph", "jon": "jonathan", "josh": "joshua", "judy": "judith", "kate": "katherine",
    "kathy": "katherine kathleen", "katie": "katherine kathleen", "ken": "kenneth", "kenny": "kenneth",
    "larry": "lawrence", "len": "leonard", "lenny": "leonard", "liz": "elizabeth", "lou": "louis",
    "maggie": "margaret", "matt": "matthew", "meg": "margaret megan", "mike": "michael", "mick": "michael",
    "mindy": "melinda", "mitch": "mitchell", "nate": "nathan nathaniel", "ned": "edward", "nick": "nicholas",
    "norm": "norman", "patty": "patricia", "peg": "margaret", "peggy": "margaret", "pete": "peter", "phil": "philip",
    "randy": "randall randolph", "rich": "richard", "rick": "richard frederick", "rob": "robert", "ron": "ronald",
    "russ": "russell", "sandy": "sandra", "stan": "stanley", "steve": "stephen", "sue": "susan", "suzy": "susan",
    "tammy": "tamara", "ted": "theodore edward", "tim": "timothy", "tina": "christina", "tom": "thomas",
    "tommy": "thomas", "tony": "anthony", "trish": "patricia", "val": "valerie", "vicky": "victoria",
    "benj": "benjamin", "chas": "charles", "edw": "edward", "eliz": "elizabeth", "geo": "george", "jas": "james",
    "jos": "joseph", "ma": "maria", "rbt": "robert", "thos": "thomas", "wm": "william",
    "vince": "vincent", "walt": "walter", "wes": "wesley", "will": "william", "woody": "woodrow", "zach": "zachary",
}  # fmt: skip
#: Other spellings of given names; each is its own name where both stand in the lists.
_SPELLINGS = _table(
    "steven=stephen catherine,kathryn,catharine,cathryn,katharine=katherine phillip=philip jeffery=jeffrey "
    "johnathan,jonathon=jonathan geoffery=geoffrey allan=alan marc=mark eric,erik=eric sara=sarah ann=anne "
    "theresa=teresa debra=deborah louis=louis stephan=stephen kristina,cristina=christina micheal=michael "
    "mathew=matthew nicolas=nicholas zachery=zachary zack=zach vickie,vicki,vickey=vicky kathi,kathie,cathi=kathy "
    "debbi,debby=debbie patti,pattie=patty steph=stephanie jenn=jen lizzie=liz micky=mick "
    "lawrance,laurence=lawrence fredrick,frederic=frederick rebekah=rebecca"
)
#: What one short word may stand for, in names of churches, streets and people.
STANDS_FOR = {"st": frozenset({"saint", "street"}), "dr": frozenset({"drive", "doctor"}),
              "dist": frozenset({"district", "distributing", "distribution", "distributor", "distributors"}),
              "comm": frozenset({"community", "communications", "communication", "commercial", "committee"}),
              "ind": frozenset({"industries", "independent", "industrial"})}  # fmt: skip
#: Pairs of the package that are two names of two people more often than of one.
_NOT_ONE = frozenset({("joshua", "joe"), ("elizabeth", "lisa"), ("robert", "bill"), ("aaron", "erin")})


@cache
def _names() -> NickNamer:
    return NickNamer()


@cache
def given_names() -> frozenset[str]:
    """Names that people are called by: two of them are two people, however alike they are written."""
    table = _names().nickname_lookup
    return GIVEN_NAMES.union(table, *table.values())


def formal_names(short: str) -> list[str]:
    """What somebody with this short name may be called in full."""
    return _SHORT_NAMES.get(short, "").split()


@lru_cache(maxsize=PAIRS_KEPT)
def is_short_for(one: str, other: str) -> bool:
    """Whether one is the short name of the other, and of no other sort of person; direct pairs only."""
    one, other = _SPELLINGS.get(one, one), _SPELLINGS.get(other, other)
    if one == other:
        return True
    return other in formal_names(one) or one in formal_names(other)


@lru_cache(maxsize=PAIRS_KEPT)
def may_be_short_for(one: str, other: str) -> bool:
    """Whether one may be the short name of the other, among other names (Chris: Christopher, Christine)."""
    if (one, other) in _NOT_ONE or (other, one) in _NOT_ONE:
        return False
    return one in _names().nicknames_of(other) or other in _names().nicknames_of(one)


#: Ways of writing the words of services; two words in place of one are parted by a low line.
WORK_WORDS = _table(
    "hr,hrs,hour,hours,hourly,h=hour min,mins,minute,minutes=minute day,days=day "
    "inst,instl,install,installs,installed,installing,installation,installations=install "
    "repl,rplc,replace,replaced,replacing,replacement,replacements=replace rep,repr,rpr,repair,repairs,repairing=repair "
    "svc,svcs,serv,srv,service,services,servicing=service maint,mtce,maintenance=maintenance "
    "insp,inspect,inspections,inspecting,inspection=inspect diag,diagnose,diagnosis,diagnostics,diagnostic=diagnostic "
    "emerg,emergency=emergency elec,elect,electric,electrical=electric plbg,plmb,plumb,plumbing=plumbing "
    "htr,heaters,heater=heater wtr,water=water furn,furnaces,furnace=furnace filt,fltr,filters,filter=filter "
    "thermo,tstat,thermostats,thermostat=thermostat cln,clean,cleaned,cleaning,cleanings=clean "
    "chk,check,checks,checking,checkup=check chg,chrg,charge,charges=charge eval,evaluation=evaluate "
    "est,estimates,estimate=estimate cons,consult,consultation=consult adj,adjust,adjustment,adjustments=adjust "
    "lg,lrg,large=large sm,sml,small=small med,medium=medium ea,each=each ft,feet,foot=foot inches,inch=inch "
    "sq=square yd,yds,yard,yards=yard lb,lbs,pound,pounds=pound gal,gals,gallon,gallons=gallon std,standard=standard "
    "prem,premium=premium res,resi,residential=residential comm,coml,commercial=commercial labour,labor=labor "
    "ac,aircon=air_conditioning cond=condenser comp,compr=compressor evap=evaporator refrig,refr=refrigerant "
    "tech,technician=technician trip,trips=trip visit,visits=visit call,calls=call with= per= incl=including "
    "drn,drains,drain=drain tub,tubs=tub swr,sewer=sewer tlt,toilets,toilet=toilet fct,faucets,faucet=faucet "
    "bsmt,basement=basement bath,baths,bathroom,bathrooms=bathroom kit,kitch,kitchen=kitchen "
    "rm,rooms,room=room wdw,windows,window=window dr,doors,door=door lt,lite,light,lights,lighting=light "
    "tuneup,tuneups=tune_up tons,ton=ton amps,amp=amp volts,volt=volt hp,horsepower=horsepower pc,pcs,piece,pieces=piece "
    "ot,overtime=overtime reg,regular=regular addl,additional=additional misc,miscellaneous=miscellaneous "
    "equip,eqpt,equipment=equipment prog,program,programming=program rem,remove,removal,removing=remove "
    "units=unit items=item jobs=job models=model max=maximum wk,wkly,weekly=week mo,mos,mthly,monthly=month qtr,qtrly,quarterly=quarter ann,annually=annual "
    "yr,yrs,years,yearly=year disc,dsc=discount lbr=labor matl,matls=material qty=quantity pkg=package "
    "assy,asm=assembly vlv,valves=valve pmp,pumps=pump mtr,motors=motor ext=exterior int=interior "
    "dispose,disposal=disposal test,tests,testing=test mat,mats,material,materials=material"
)
