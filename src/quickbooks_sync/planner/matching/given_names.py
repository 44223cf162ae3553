"""Given names that the list of short names does not have, and the commonest family names.

So Mia is no typing error for Mila, and of a Maria Garcia there may be two in any town. Both are those of the
United States, typed by hand. Deliberately absent: all other family names, which have slips like any word.
"""

_WRITTEN = (
    "aaliyah adalyn adam adriana aidan aiden ainsley aisha alana alanna alayna alberto alejandra "
    "alejandro alexa alexia alfonso alfredo alina alisha alissa alma alvin amara amaya amber amir andres "
    "angelo anika anita annabelle antoine april archer ariana ariel armando arturo arya asher ashton "
    "athena aurora autumn ava avery axel bailey barry beau bennett bernadette bernice bethany bianca "
    "blake blanca bonnie boyd brandi brandon braxton brayden brendan brent brett brock brooke brooklyn "
    "bruce bruno bryce bryson byron caden camden camila camilo candice cara carlos carmen carolina "
    "carroll carson carter cecil cesar chad charlene charlton chase chelsea claude clayton clinton clyde "
    "cody colin colleen collin colton connor conor cooper craig cristian dakota dale dallas damian damien "
    "damon dana daniela dante darius darnell darrell darren darryl darwin daryl dawn dawson dean deanna "
    "declan deirdre demetrius denise desiree destiny devin devon dexter diego dillon dolores dominique "
    "doreen duane dustin dwayne dwight dylan earl easton eliana elise elliott ellis elmer elsa emerson "
    "emilia emmett enrique erik ernesto esme esmeralda esteban ethan ethel everett fatima faye felipe "
    "fernando finley finn francesca francisco freya gabriela gage gavin gemma genesis gerardo gianna "
    "gideon giselle gladys glenda gordon grace gracie grady graham grant grayson guadalupe guillermo "
    "haley harley harmony harper harris harvey hayden hazel heath hector holly homer hope hudson hugo "
    "hunter ida ignacio imani imogen ines ingrid ira iris irma isla ismael israel jade jaden jaime jamal "
    "jana janelle janine jared jasmin jasmine jason javier jayden jayla jaylen jenna jermaine jerome "
    "jesse jesus jocelyn jodie joel joelle jolene jonah jonas jordan jorge jose juan juana juliana "
    "julianna juliet juliette julio julius justine kaden kai kailey kamila karen karina karl katrina "
    "kayden kaylee keegan keira keith kelsey kelvin kennedy kenya khloe kiara kiera kieran kinsley kira "
    "kirk krista kristi kristina krystal kurt kyla kyle kylie kyra lacey lamar lana lance landon lara "
    "latoya leila leland leona leonardo leticia liam lillie linette logan lora lorena luis luisa luka "
    "luna lyla lyle lynda macy maddox madeleine maeve malia malik mallory mara marcella marco marcos "
    "margot mariana marianne maribel mariela mario marisa marisol marla marlene marlon marshall maryann "
    "mason mateo maya meredith mia michaela michele mikayla mila milena miles milo milton misty moira "
    "monique morgan mya myles myrna myron nadia natalia neal neva nevaeh nia nigel nina nixon noelle "
    "nolan noreen norma nova nyla odessa olga omar opal oscar otto owen pablo paige paisley paola parker "
    "paulette payton pearl pedro peyton phyllis pierce piper preston quentin quincy quinn rafael ramiro "
    "ramon randal raquel raul raven rayna reagan rebekah reed reese reid renata rene renee rex reyna "
    "rhonda riley robin robyn rochelle rodolfo rodrigo roman ronan rory rosalie rosalind rosario ruben "
    "ruby rufus ruth ryder rylan rylee salvatore samara santiago sasha sawyer scarlett sean selena sergio "
    "seth shane shannon shari shauna shelby shelia sherman sienna sierra silvia simone skyla skylar "
    "skyler sofia sonia sonja sonya spencer stan stanley stewart summer susanna susanne sylvia talia "
    "tamara tania tanner tanya tara tatiana taylor terrance terrell terrence thea thelma thiago tia tiana "
    "todd tomas toni tonia tonya tracey travis trent trenton trevor trinity tristan troy tucker tyler "
    "tyrone tyson uma valeria vaughn velma vera violet virgil viviana wade wanda warren wayne wendell "
    "weston whitney willa willard winston wyatt xander xavier ximena yasmin yolanda yvette zane zara "
    "zelda zion zoe zoey zoie "
)
GIVEN_NAMES = frozenset(_WRITTEN.split())

_OF_FAMILIES = (
    "smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez "
    "gonzalez wilson anderson thomas taylor moore jackson martin lee perez thompson white harris "
    "sanchez clark ramirez lewis robinson walker young allen king wright scott torres nguyen hill "
    "flores green adams nelson baker hall rivera campbell mitchell carter roberts gomez phillips "
    "evans turner diaz parker cruz edwards collins reyes stewart morris morales murphy cook rogers "
    "gutierrez ortiz morgan cooper peterson bailey reed kelly howard ramos kim cox ward richardson "
    "watson brooks chavez wood james bennett gray mendoza ruiz hughes price alvarez castillo sanders "
    "patel myers long ross foster jimenez "
)
COMMON_FAMILY_NAMES = frozenset(_OF_FAMILIES.split())
