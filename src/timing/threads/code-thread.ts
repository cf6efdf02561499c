import { serve } from "./serve.js";
import { StageCoder } from "./stage-coder.js";

serve(new StageCoder());
