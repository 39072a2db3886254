;; Finds where Xet chunks may end: the gear hash is h = (h << 1) + G[byte] mod 2^64, and a chunk may end after
;; each byte that leaves the top 16 bits of h zero, that is h < 2^48.
;;
;; One hash, four bytes a turn. Interleaving several hashes gains nothing: a step of h is one instruction
;; (x64: lea), so the loads are what it waits for. What does cost is a call in the loop, even one hardly ever
;; made, because it forces h out of its register; hence the plain exits.
(module
  (import "env" "memory" (memory 1 65536 shared))

  ;; The candidates of the `length` bytes at `data`: u32 end offsets in 1..length, ascending, at `out`.
  ;; Answers how many, or -1 if there are more than `capacity`. `table` is where the 256 u64 of G are.
  ;; The 64 bytes before `data` are hashed first, with their own candidates dropped: h forgets a byte after 64
  ;; shifts, so from then on it is what it would be had the scan begun at the start of the file.
  (func (export "scan")
    (param $data i32) (param $length i32) (param $table i32) (param $out i32) (param $capacity i32)
    (result i32)
    (local $at i32) (local $count i32) (local $h i64)

    (local.set $at (i32.const -64))
    (loop $next
      (block $hit
        (block $rest
          (block $first (block $second (block $third (block $fourth
            (loop $four
              (br_if $rest (i32.gt_s (local.get $at) (i32.sub (local.get $length) (i32.const 4))))
              (local.set $h (i64.add (i64.shl (local.get $h) (i64.const 1)) (i64.load (i32.add (local.get $table)
                (i32.shl (i32.load8_u offset=0 (i32.add (local.get $data) (local.get $at))) (i32.const 3))))))
              (br_if $first (i64.lt_u (local.get $h) (i64.const 0x1000000000000)))
              (local.set $h (i64.add (i64.shl (local.get $h) (i64.const 1)) (i64.load (i32.add (local.get $table)
                (i32.shl (i32.load8_u offset=1 (i32.add (local.get $data) (local.get $at))) (i32.const 3))))))
              (br_if $second (i64.lt_u (local.get $h) (i64.const 0x1000000000000)))
              (local.set $h (i64.add (i64.shl (local.get $h) (i64.const 1)) (i64.load (i32.add (local.get $table)
                (i32.shl (i32.load8_u offset=2 (i32.add (local.get $data) (local.get $at))) (i32.const 3))))))
              (br_if $third (i64.lt_u (local.get $h) (i64.const 0x1000000000000)))
              (local.set $h (i64.add (i64.shl (local.get $h) (i64.const 1)) (i64.load (i32.add (local.get $table)
                (i32.shl (i32.load8_u offset=3 (i32.add (local.get $data) (local.get $at))) (i32.const 3))))))
              (br_if $fourth (i64.lt_u (local.get $h) (i64.const 0x1000000000000)))
              (local.set $at (i32.add (local.get $at) (i32.const 4)))
              (br $four)))
            (local.set $at (i32.add (local.get $at) (i32.const 1))))
            (local.set $at (i32.add (local.get $at) (i32.const 1))))
            (local.set $at (i32.add (local.get $at) (i32.const 1))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $hit))

        ;; Fewer than four bytes are left.
        (loop $one
          (if (i32.ge_s (local.get $at) (local.get $length)) (then (return (local.get $count))))
          (local.set $h (i64.add (i64.shl (local.get $h) (i64.const 1)) (i64.load (i32.add (local.get $table)
            (i32.shl (i32.load8_u (i32.add (local.get $data) (local.get $at))) (i32.const 3))))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br_if $one (i64.ge_u (local.get $h) (i64.const 0x1000000000000)))))

      ;; $at is now just after a byte that ends a candidate.
      (br_if $next (i32.le_s (local.get $at) (i32.const 0)))
      (if (i32.eq (local.get $count) (local.get $capacity)) (then (return (i32.const -1))))
      (i32.store (i32.add (local.get $out) (i32.shl (local.get $count) (i32.const 2))) (local.get $at))
      (local.set $count (i32.add (local.get $count) (i32.const 1)))
      (br $next))
    (unreachable)))
