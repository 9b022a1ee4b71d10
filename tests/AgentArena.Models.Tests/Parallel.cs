// One test at a time: they count live tensors and set the tensor library's threads, which are the process's.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
