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
    name: 'back',
    title: 'every version stays',
    columns: 88,
    before: [
      "mkdir -p photos/cats && printf 'meow\\n' > photos/cats/tom.txt && printf 'purr\\n' > photos/cats/kitty.txt",
      'dvs init -q && dvs add -q photos -m "first photos"',
      "printf 'MEOW\\n' > photos/cats/tom.txt; printf 'woof\\n' > photos/rex.txt; dvs add -q -m 'a dog'",
      'dvs tag -q photos:v2 best',
    ],
    shows: [
      'dvs log photos',
      'dvs diff photos:v1 photos:v2',
      'dvs checkout photos:v1',
      'dvs checkout photos:best',
    ],
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
      'dvs show fotos',
      'dvs diff',
      'dvs checkout photos:v2 --force',
      'dvs verify',
    ],
  },
];
