-- How many seats are left to give out. The same as CouponTerms.Remaining, for the scripts that set one of the three figures:
-- how many exist, how many voided ordinals gave their seat back, the last ordinal given out.
local function remaining_of(total, returned, issued)
  return total + returned - issued
end

