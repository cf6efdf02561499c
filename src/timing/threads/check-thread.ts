import { serve } from "./serve.js";
import { StageCheck } from "./stage-check.js";

serve(new StageCheck());
