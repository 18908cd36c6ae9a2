// The questions about a live call: to whom, or with which other call. They go away with the call.

import { useEffect } from "react";
import { ChooseCall } from "../domain/ChooseCall";
import { HandOver } from "../domain/HandOver";
import { isLive } from "../state/pairs";
import { useMirror } from "../state/store";
import { useUi } from "../state/ui";

const close = (): void => useUi.setState({ question: undefined });

export function CallDialogs() {
  const question = useUi((ui) => ui.question);
  const activity = useMirror((mirror) => mirror.activities[question?.activity ?? ""]);
  const gone = question !== undefined && !isLive(activity);
  useEffect(() => {
    if (gone) close();
  }, [gone]);
  if (!question || !activity || gone) return null;
  const key = `${question.activity} ${question.ask}`;
  return question.ask === "transfer" || question.ask === "consult" ? (
    <HandOver key={key} activity={activity} ask={question.ask} onClose={close} />
  ) : (
    <ChooseCall key={key} activity={activity} ask={question.ask} onClose={close} />
  );
}
