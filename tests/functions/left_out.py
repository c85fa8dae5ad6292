"""What of torch is no function of the language, by the reason why."""

from __future__ import annotations

# Names as a whole, by their pattern.
PATTERNS = {
    r".*_": "changes its input in place",
    r"(is|get|set|has|can|are|use)_.*": "asks or sets a state of torch",
    r"(clear|init|import|parse|merge|unify|prepare|compiled|profiler|autocast|handle|assert)_.*":
        "not of tensors",
    r"sym_.*": "for tracers",
    r"(to|new|new_.*|to_.*)": "another type, layout or place of storage",
    r".*_copy": "a copy for functionalization",
    r"(native|cudnn|miopen|mkldnn|fbgemm|batch_norm)_.*": "a part of torch's own",
    r"(q|quantize|quantized|fake_quantize)_.*": "quantized",
    r"sparse_.*": "sparse tensors",
    r".*_(with_indices|ex)": "a part of torch's own",
    r"(chebyshev|hermite|laguerre|legendre|shifted|modified|scaled_modified|spherical)_.*":
        "special functions of other fields",
}  # fmt: skip

REASONS = {
    "changes its input in place": """
        fill
    """,
    "a layer": """
        adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d
        adaptive_max_pool2d adaptive_max_pool3d avg_pool1d avg_pool2d avg_pool3d batch_norm
        embedding_bag feature_dropout fractional_max_pool2d fractional_max_pool3d gru
        gru_cell instance_norm local_response_norm lp_pool1d lp_pool2d lp_pool3d lstm
        lstm_cell max_pool1d max_pool2d max_pool3d max_unpool1d max_unpool2d max_unpool3d
        multi_head_attention_forward rnn_relu rnn_relu_cell rnn_tanh rnn_tanh_cell
    """,
    "a loss": """
        binary_cross_entropy binary_cross_entropy_with_logits cosine_embedding_loss
        cross_entropy ctc_loss gaussian_nll_loss hinge_embedding_loss huber_loss kl_div
        l1_loss linear_cross_entropy margin_ranking_loss mse_loss multi_margin_loss
        multilabel_margin_loss multilabel_soft_margin_loss nll_loss poisson_nll_loss
        smooth_l1_loss soft_margin_loss triplet_margin_loss
        triplet_margin_with_distance_loss
    """,
    "how large the result is depends on the numbers": """
        argwhere bincount histogramdd index_put masked_select nonzero nonzero_static put
        segment_reduce unique unique_consecutive
    """,
    "complex numbers": """
        adjoint angle complex conj conj_physical eig eigvals fft fft2 fftfreq fftn fftshift
        hfft hfft2 hfftn ifft ifft2 ifftn ifftshift ihfft ihfft2 ihfftn imag irfft irfft2
        irfftn isreal istft polar real resolve_conj resolve_neg rfft rfft2 rfftfreq rfftn
        sgn stft vdot view_as_complex view_as_real
    """,
    "dtypes that the language doesn't tell apart": """
        bfloat16 byte cdouble cfloat chalf char double float_power frexp half long short
        type type_as
    """,
    "gives a Python value, or an attribute that is read": """
        H T allclose broadcast_shapes data dense_dim device dim dim_order dtype element_size
        equal grad grad_dtype grad_fn hash_tensor index item itemsize layout mH mT name
        nbytes ndim ndimension nelement numpy output_nr promote_types qscheme requires_grad
        result_type retains_grad shape storage_offset stride tolist typename volatile
    """,
    "memory, storage, devices, gradients": """
        as_strided as_strided_scatter as_subclass as_tensor asarray backward ccol_indices
        clone coalesce col_indices const_data_ptr contiguous cpu crow_indices cuda data_ptr
        dequantize empty empty_like empty_permuted empty_strided from_dlpack from_file
        from_numpy frombuffer indices int_repr ipu module_load mtia pin_memory record_stream
        register_hook register_post_accumulate_grad_hook reinforce resize resize_as
        retain_grad row_indices scalar_tensor storage storage_type sum_to_size
        untyped_storage values view view_as xpu
    """,
    "not of tensors": """
        Optional boolean_dispatch choose_qparams_optimized classproperty compile cond
        empty_quantized fork initial_seed load lobpcg manual_seed save seed symeig
        thread_safe_generator vmap wait while_loop
    """,
    "a part of torch's own": """
        affine_grid_generator constant_pad_nd conv_tbc convolution dsmm
        frobenius_norm fused_moving_avg_obs_fake_quant grid_sampler grid_sampler_2d
        grid_sampler_3d grouped_mm hsmm hspmm norm_except_dim nuclear_norm rsub saddmm
        scaled_grouped_mm scaled_mm slice_inverse smm split_with_sizes spmm sspaddmm
        unsafe_chunk unsafe_split unsafe_split_with_sizes upsample upsample_bilinear
        upsample_nearest
    """,
    "something else says it: see nndsl.functions.absent": """
        atleast_1d atleast_2d atleast_3d chain_matmul diagflat diagonal_scatter dsplit
        fliplr flipud hsplit normal range vander vsplit
    """,
    "statistics of data, and algebra of other fields": """
        binomial cholesky_inverse combinations cond geqrf gradient histc histogram
        householder_product index_reduce ldl_factor ldl_solve lstsq lu lu_factor lu_solve
        lu_unpack matrix_rank orgqr ormqr pca_lowrank renorm svd_lowrank tensorinv
        tensorsolve triangular_solve unravel_index
    """,
    "special functions of other fields": """
        airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 erfcx gammainc gammaincc gammaln i0e
        i1 i1e igamma igammac multigammaln mvlgamma ndtri nextafter polygamma xlog1py zeta
    """,
}
