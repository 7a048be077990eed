import { Box, TextButton } from '@strapi/design-system';
import { Link as LinkIcon } from '@strapi/icons';
import { useRef, useState } from 'react';
import type { Target } from '../../links/answers.ts';
import { editorNear } from './editor.ts';
import { markdownLink } from './markdown.ts';
import { TargetDialog } from './TargetDialog.tsx';

/** The button beside the label of a rich-text field: puts a link to a page where the cursor is, over what is selected. */
export function InsertLink() {
  const button = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  const insert = ({ title, link }: Target): void => {
    setOpen(false);
    const editor = editorNear(button.current);
    if (editor === null) return;
    const selected = editor.getSelection();
    editor.replaceSelection(markdownLink(selected === '' ? title : selected, link));
    // The dialog gives the focus back to its button as it closes; the cursor is wanted in the text.
    setTimeout(() => {
      editor.focus();
    });
  };

  return (
    <Box ref={button} marginLeft="auto">
      <TextButton
        startIcon={<LinkIcon aria-hidden />}
        onClick={() => {
          setOpen(true);
        }}
      >
        Link to a page of this site
      </TextButton>
      <TargetDialog
        open={open}
        onClose={() => {
          setOpen(false);
        }}
        onChoose={insert}
      />
    </Box>
  );
}
