-- Functions and operators that fit the columns' types better than the server's own, and tell what they are given: whoever finds
-- them by the name alone is taken in. leak and <<< say what they see even where nothing better is asked for.
CREATE FUNCTION public.leak(x text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN RAISE NOTICE 'CANARY %', x; RETURN true; END $$;
CREATE FUNCTION public.leaks(x text, y text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN RAISE NOTICE 'CANARY %', x; RETURN true; END $$;
CREATE OPERATOR public.<<< (LEFTARG = text, RIGHTARG = text, FUNCTION = public.leaks);
CREATE FUNCTION public.lower(x varchar) RETURNS text LANGUAGE sql AS $$ SELECT 'CANARY ' || $1 || (SELECT min(iban) FROM public.payroll) $$;
CREATE FUNCTION public.alike(x varchar, y varchar) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
CREATE OPERATOR public.= (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = public.alike);
