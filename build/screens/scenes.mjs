/**
 * What is shown: `before` is run without being shown, then the commands of `shows`, in a folder of that name in an
 * empty home. A line is at most `columns` wide.
 */
export const SCENES = [
  {
    name: 'tour',
    title: 'record a version, change something, record the next',
    columns: 88,
    before: [
      "mkdir -p photos/cats && printf 'meow\\n' > photos/cats/tom.txt && printf 'purr\\n' > photos/cats/kitty.txt",
    ],
    shows: [
      'dvs init',
      'dvs add photos -m "first photos"',
      "printf 'MEOW\\n' > photos/cats/tom.txt; printf 'woof\\n' > photos/rex.txt",
      'dvs status',
      'dvs add -m "a dog"',
    ],
  },
  {
    name: 'look',
    title: 'what changed, and where it comes from',
    columns: 96,
    before: [
      "mkdir -p birds/train birds/test && for i in 0 1 2 3; do printf 'bird %s\\n' $i > birds/train/$i.txt; done",
      "printf 'bird 9\\n' > birds/test/9.txt; printf 'file,label\\n0.txt,crow\\n1.txt,owl\\n2.txt,wren\\n' > birds/labels.csv",
      'dvs init -q && dvs add -q birds -m "as downloaded"',
      "printf 'file,label\\n0.txt,crow\\n1.txt,barn owl\\n2.txt,wren\\n3.txt,jay\\n' > birds/labels.csv; rm birds/test/9.txt",
      'dvs add -q -m "labels checked" && dvs tag -q birds:v2 checked',
    ],
    shows: ['dvs log --graph', 'dvs diff birds:v1 birds:v2 --content --key file', 'dvs show birds'],
  },
  {
    name: 'safe',
    title: 'nothing is lost unasked, and every message says what comes next',
    columns: 96,
    before: [
      "mkdir -p photos && printf 'meow\\n' > photos/tom.txt && dvs init -q && dvs add -q photos",
      "printf 'MEOW\\n' > photos/tom.txt && dvs add -q && printf 'hiss\\n' > photos/tom.txt",
    ],
    shows: [
      'dvs checkout photos:v1',
      'dvs show phtoos',
      'dvs diff',
      'dvs checkout photos:v2 --force',
      'dvs verify',
    ],
  },
];
