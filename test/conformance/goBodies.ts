/** A file as a Go client names it. */
function trainFile(uploadId: string) {
  return { path: uploadId, location: 'upload', source_id: null, options: null, metadata: null };
}

/**
 * The body that a Go client sends to `POST /train/nlp-text`: every field of its structs, with the
 * zero value of those that nobody has set.
 */
export function goTextTraining(name: string, uploadId: string, classes: number) {
  return {
    model_name: name,
    base_model_id: null,
    doc_classification: false,
    model_options: {
      model_type: '',
      text_column: 'text',
      label_column: 'labels',
      n_target_classes: classes,
      delimiter: ',',
    },
    ...rest([uploadId]),
  };
}

/** The same for documents: one upload a file, its class in the `sub_dir` of the upload. */
export function goDocTraining(name: string, uploadIds: string[], classes: number) {
  return {
    model_name: name,
    base_model_id: null,
    doc_classification: true,
    model_options: {
      model_type: '',
      text_column: '',
      label_column: '',
      n_target_classes: classes,
      delimiter: '',
    },
    ...rest(uploadIds),
  };
}

/** The same with a base model, whose options count. */
export function goTrainingFromBase(name: string, baseModelId: string, uploadId: string) {
  return {
    model_name: name,
    base_model_id: baseModelId,
    doc_classification: false,
    model_options: null,
    ...rest([uploadId]),
  };
}

function rest(uploadIds: string[]) {
  return {
    data: {
      model_data_type: '',
      supervised_files: uploadIds.map(trainFile),
      test_files: null,
    },
    train_options: {
      epochs: 0,
      learning_rate: 0,
      batch_size: 0,
      max_in_memory_batches: null,
      test_split: null,
    },
    job_options: { allocation_cores: 0, allocation_memory: 0 },
  };
}
